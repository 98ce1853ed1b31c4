import type { Socket } from 'node:net'
import { smooth } from './together.ts'

/** Answers at once from which on they are read in rounds: before, every word is there for its reader as soon as it comes. */
const many = 32
/** Sockets that are read at a stretch. */
const atOnce = 8

/**
 * Reads many answers that are written word by word in rounds. A socket that is read as bytes come wakes the process for every
 * word, which costs more than the word; network cards gather what they receive for the same reason. A word waits for its
 * round `smooth` milliseconds at most, and for those that go first.
 */
export class ReadingRounds {
  readonly #giveWay: () => Promise<void>
  readonly #waiting = new Set<() => void>()
  #isTimed = false
  #answers = 0

  constructor(giveWay: () => Promise<void>) {
    this.#giveWay = giveWay
  }

  /** Counts an answer until it is over, which what this returns tells. */
  begin(): () => void {
    this.#answers++
    return () => void this.#answers--
  }

  /**
   * Lets a socket be read in rounds whenever there are many answers, by the two methods with which a stream and its source
   * agree on the pace (Node.js, "API for stream implementers").
   */
  join(socket: Socket): void {
    const read = socket._read.bind(socket)
    const push = socket.push.bind(socket)
    socket._read = (size) => (this.isCrowded ? this.#later(() => read(size)) : read(size))
    socket.push = (...piece) => push(...piece) && !this.isCrowded
  }

  /** Whether answers are so many that they are read in rounds, which joins what comes of each. */
  get isCrowded(): boolean {
    return this.#answers >= many
  }

  #later(read: () => void): void {
    this.#waiting.add(read)
    if (this.#isTimed) return
    this.#isTimed = true
    setTimeout(() => void this.#read(), smooth - (performance.now() % smooth))
  }

  async #read(): Promise<void> {
    this.#isTimed = false
    const reads = [...this.#waiting]
    this.#waiting.clear()
    while (reads.length > 0) {
      await this.#giveWay()
      for (const read of reads.splice(0, atOnce)) read()
    }
  }
}
