import type { AgentEvent } from '#core'
import { Said } from './said.ts'
import { sentences } from './sentences.ts'
import type { TurnContext } from './turn/index.ts'

/**
 * The words of a turn on their way to the person: from the models themselves, while LangChain still gathers the
 * answer, which is several times the work of the rest for every piece.
 */
export class Words {
  readonly #tell: (event: AgentEvent) => void
  readonly #said = new Said()
  #failuresTold = 0
  #text = ''
  #isAll = true

  constructor(tell: (event: AgentEvent) => void) {
    this.#tell = tell
  }

  /** What the models have said, without what was taken back. */
  get text(): string {
    return this.#text
  }

  /** Whether the person was told nothing but what the models said. */
  get isAll(): boolean {
    return this.#isAll
  }

  /** A piece of one answer; a new answer of the same turn begins a paragraph of its own. */
  hear(answer: string, piece: string, context: TurnContext): void {
    if (piece !== '') this.#say(answer, piece, () => this.#fallbackNote(context), context)
  }

  /** Says where a turn was left that nobody could go on with. */
  sayWhereLeft(context: TurnContext): void {
    if (!context.leftMidway) return
    this.#say('', sentences[context.turn.locale].leftMidway(namesOf(context)), () => '', context)
  }

  /** A line of ours below the answer; an empty one is none. */
  add(line: string): void {
    if (line === '') return
    this.#isAll = false
    this.#tell({ type: 'text', delta: this.#text === '' ? line : `\n\n${line}` })
  }

  #say(answer: string, words: string, before: () => string, { takenBack }: TurnContext): void {
    const event = this.#said.add(answer, words, before, takenBack)
    this.#text = event.type === 'text' ? this.#text + event.delta : event.text
    this.#tell(event)
  }

  /** Says before the next words who did not answer and who does, once for each that failed. */
  #fallbackNote(context: TurnContext): string {
    const { failed, fellBack, vendor, turn } = context
    if (failed.length === this.#failuresTold) return ''
    this.#failuresTold = failed.length
    return sentences[turn.locale].fellBack(namesOf(context), fellBack ? undefined : vendor?.name)
  }
}

const namesOf = ({ failed }: TurnContext): string[] => [...new Set(failed.map(({ name }) => name))]
