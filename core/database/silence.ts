import type pg from 'pg'

/** How every connection is opened: it is kept from being forgotten on the way. */
export const keptAlive = { keepAlive: true, keepAliveInitialDelayMillis: 10_000 } as const

/** The same where nobody watches over it: it is given up when it does not come about. */
export const reachable = { ...keptAlive, connectionTimeoutMillis: 5_000 } as const

/** The same for the server's side, where what a vanished process held locked is let go. Seconds, as options of the connection. */
export const reachableOptions =
  '-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=3 -c tcp_keepalives_count=3'

export interface SilenceWatch {
  /** Looks after a connection until it ends. */
  watch(client: pg.Client): void
  /**
   * The way to the server seems to be gone: what is not in use is closed, so that nobody waits for it in vain, and what
   * waits for an answer is given up as soon as it has been silent for the shorter time.
   */
  doubt(): void
}

export interface SilenceBounds {
  /** Milliseconds that a server which lives may need for a word, and that are given where that is in doubt. */
  readonly usual: number
  readonly inDoubt: number
  /** Milliseconds that opening a connection may take. */
  readonly connecting: number
}

interface Heard {
  readonly bytes: number
  readonly silentFor: number
  readonly isDoubted: boolean
}

/** Milliseconds between two looks. Looks are counted, not time: a process that was busy itself has not heard anything. */
const lookEvery = 500

/**
 * Finds out that a server has gone without a word (a cut cable, a forgetful router), for which the operating system would
 * wait a quarter of an hour. A server that lives says something within the timeout that it has for each statement.
 */
export function watchSilence(bounds: SilenceBounds): SilenceWatch {
  const watched = new Map<pg.Client, Heard>()
  let timer: NodeJS.Timeout | undefined
  const look = (): void => {
    for (const [client, before] of watched) {
      const now = heardSince(before, client)
      watched.set(client, now)
      if (now.silentFor >= boundOf(bounds, client, now)) giveUp(client, now.silentFor)
    }
  }
  const forget = (client: pg.Client): void => {
    watched.delete(client)
    if (watched.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
  return {
    watch: (client) => {
      watched.set(client, { bytes: 0, silentFor: 0, isDoubted: false })
      timer ??= setInterval(look, lookEvery).unref()
      client.once('end', () => forget(client))
    },
    doubt: () => {
      for (const [client, heard] of watched) {
        watched.set(client, { ...heard, isDoubted: true })
        if (isIdle(client)) giveUp(client, heard.silentFor)
      }
    },
  }
}

function heardSince({ bytes, silentFor, isDoubted }: Heard, client: pg.Client): Heard {
  const { bytesRead } = client.connection.stream as unknown as { readonly bytesRead: number }
  if (bytesRead !== bytes) return { bytes: bytesRead, silentFor: 0, isDoubted: false }
  return { bytes, silentFor: isWaiting(client) ? silentFor + lookEvery : 0, isDoubted }
}

function boundOf(bounds: SilenceBounds, client: pg.Client, { isDoubted }: Heard): number {
  const bound = isDoubted ? bounds.inDoubt : bounds.usual
  return (client as Inside)._connected ? bound : Math.min(bound, bounds.connecting)
}

/** What `pg` knows of a connection and leaves out of its types. */
type Inside = pg.Client & {
  readonly _connected: boolean
  readonly readyForQuery: boolean
  getTransactionStatus(): string | null
}

const isWaiting = (client: pg.Client): boolean => !(client as Inside).readyForQuery
const isIdle = (client: pg.Client): boolean =>
  !isWaiting(client) && (client as Inside).getTransactionStatus() === 'I'

const giveUp = (client: pg.Client, silentFor: number): unknown =>
  client.connection.stream.destroy(
    Object.assign(new Error(`PostgreSQL has said nothing for ${silentFor / 1000} seconds.`), {
      code: 'ETIMEDOUT',
    }),
  )
