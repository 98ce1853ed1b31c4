import type { Socket } from 'node:net'
import { smooth } from './together.ts'

/** Answers at once from which on they are read in rounds: before, every word is there for its reader as soon as it comes. */
const many = 32
/** Sockets that are read at a stretch. */
const atOnce = 8
/** Moments of a round, each with its own sockets: all at one moment would keep whoever comes then waiting for all. */
const moments = 16
/** Milliseconds to its moment for which a socket waits a round more: a timer that came early has just read it. */
const early = 10

/**
 * Reads many answers that are written word by word in rounds. A socket that is read as bytes come wakes the process for every
 * word, which costs more than the word; network cards gather what they receive for the same reason. A word waits for its
 * moment of the round, `smooth` milliseconds and a little at most, and for those that go first.
 */
export class ReadingRounds {
  readonly #giveWay: () => Promise<void>
  /** Of each moment. */
  readonly #waiting = Array.from({ length: moments }, (): (() => void)[] => [])
  #joined = 0
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
    const moment = this.#joined++ % moments
    socket._read = (size) => (this.isCrowded ? this.#later(moment, () => read(size)) : read(size))
    socket.push = (...piece) => push(...piece) && !this.isCrowded
  }

  /** Whether answers are so many that they are read in rounds, which joins what comes of each. */
  get isCrowded(): boolean {
    return this.#answers >= many
  }

  #later(moment: number, read: () => void): void {
    const waiting = this.#waiting[moment]!
    waiting.push(read)
    if (waiting.length === 1) setTimeout(() => void this.#read(moment), millisecondsTo(moment))
  }

  async #read(moment: number): Promise<void> {
    const reads = this.#waiting[moment]!.splice(0)
    while (reads.length > 0) {
      await this.#giveWay()
      for (const read of reads.splice(0, atOnce)) read()
    }
  }
}

function millisecondsTo(moment: number): number {
  const since = (performance.now() + smooth - (moment * smooth) / moments) % smooth
  const left = smooth - since
  return left > early ? left : left + smooth
}
