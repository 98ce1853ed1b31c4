import pg from 'pg'
import type { Logger } from '../observability/log.ts'

interface NotificationListener {
  /** Resolves when the first connection listens. */
  readonly ready: Promise<void>
  close(): Promise<void>
}

interface Listening {
  readonly url: string
  readonly channel: string
  readonly log: Logger
  onNotification(payload: string): void
  /** The connection broke (false), or is back after a while in which notifications may have been missed (true). */
  onHearing(hearing: boolean): void
}

const retryMs = 500

/** Listens on one channel over a connection of its own, and connects again for as long as it is not closed. */
export function listenForNotifications(listening: Listening): NotificationListener {
  let client: pg.Client | undefined
  let closed = false
  let timer: NodeJS.Timeout | undefined

  const connect = async (): Promise<void> => {
    const opened = new pg.Client({
      connectionString: listening.url,
      application_name: 'tekup-listen',
      keepAlive: true,
    })
    client = opened
    opened.on('error', () => undefined)
    opened.on('end', lost)
    opened.on('notification', ({ payload }) => listening.onNotification(payload ?? ''))
    await opened.connect()
    await opened.query(`LISTEN ${pg.escapeIdentifier(listening.channel)}`)
    if (closed) await opened.end()
  }
  const lost = (): void => {
    if (!closed) listening.onHearing(false)
    retry()
  }
  const retry = (): void => {
    if (closed || timer) return
    timer = setTimeout(() => {
      timer = undefined
      connect().then(
        () => listening.onHearing(true),
        (error: unknown) => {
          listening.log.warn(
            { err: error, channel: listening.channel },
            'cannot listen for changes; trying again',
          )
          retry()
        },
      )
    }, retryMs)
    timer.unref()
  }
  const ready = connect().catch((error: unknown) => {
    listening.log.warn({ err: error, channel: listening.channel }, 'cannot listen for changes; trying again')
    retry()
  })
  return {
    ready,
    close: async () => {
      closed = true
      clearTimeout(timer)
      await ready
      await client?.end().catch(() => undefined)
    },
  }
}
