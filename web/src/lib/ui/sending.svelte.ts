import { sentenceOf } from '#lib/api/client.ts'

/** Sending a form: once at a time, and what is wrong with it, or the server refused, stands in `problem`. */
export class Sending {
  problem = $state<string>()
  busy = $state(false)
  readonly #sentenceOf: (error: unknown) => string

  /** `sentence` says what a refusal is told with, where a form knows more of it than the server. */
  constructor(sentence: (error: unknown) => string = sentenceOf) {
    this.#sentenceOf = sentence
  }

  /** Does the work unless something is wrong already, in a sentence. */
  readonly run = async (fault: string | undefined, work: () => Promise<unknown>): Promise<void> => {
    this.problem = fault
    if (fault !== undefined || this.busy) return
    this.busy = true
    try {
      await work()
    } catch (error) {
      this.problem = this.#sentenceOf(error)
    } finally {
      this.busy = false
    }
  }
}
