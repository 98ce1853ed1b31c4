/** Several answers to questions of one kind may be on their way: the one to the latest question counts, whichever comes last. */
export class Latest {
  #asked = 0

  /** Asks. What it gives tells, once the answer is there, whether nothing has been asked since. */
  ask(): () => boolean {
    const mine = ++this.#asked
    return () => mine === this.#asked
  }
}
