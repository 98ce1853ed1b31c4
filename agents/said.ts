import type { AgentEvent } from '#core'

/** The answer of a turn as it grows: a paragraph for each message of a model that says something. */
export class Said {
  #paragraphs: { readonly id: string; text: string }[] = []

  /**
   * Adds a piece of one message, with what stands before it when it is the message's first. Messages that broke off are
   * taken back as soon as another speaks, so that nothing is read twice.
   */
  add(id: string, piece: string, before: () => string, takenBack: ReadonlySet<string>): AgentEvent {
    const last = this.#paragraphs.at(-1)
    if (last?.id === id) {
      last.text += piece
      return { type: 'text', delta: piece }
    }
    const kept = this.#paragraphs.filter((paragraph) => !takenBack.has(paragraph.id))
    const isWhole = kept.length === this.#paragraphs.length
    const text = before() + piece
    this.#paragraphs = [...kept, { id, text }]
    if (!isWhole) return { type: 'replace', text: this.#paragraphs.map((each) => each.text).join('\n\n') }
    return { type: 'text', delta: kept.length > 0 ? `\n\n${text}` : text }
  }
}
