import { sentenceOf } from '#lib/api/client.ts'

/** Doing what may be refused: what the latest refusal said stands in `problem`. */
export class Attempt {
  problem = $state<string>()
  readonly #refused: () => Promise<void>

  /** `refused` is called after a refusal: it reads again what is true. */
  constructor(refused: () => Promise<void> = async () => {}) {
    this.#refused = refused
  }

  readonly run = async (work: () => Promise<unknown>): Promise<void> => {
    this.problem = undefined
    try {
      await work()
    } catch (error) {
      this.problem = sentenceOf(error)
      await this.#refused()
    }
  }
}
