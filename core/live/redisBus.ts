import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import type { Logger } from '../observability/log.ts'
import type { Bus } from './bus.ts'

interface RedisBusOptions {
  readonly url: string
  /** Tells installations apart that share a Redis. */
  readonly channel: string
  readonly log: Logger
  /** Milliseconds between two questions whether the server is still there, each of which may take as long. */
  readonly heartbeat?: number
}

const usualHeartbeat = 10_000

/** Redis pub/sub, over one connection that listens and one that speaks; both are opened when they are first needed. */
export function redisBus({ url, channel, log, heartbeat = usualHeartbeat }: RedisBusOptions): Bus {
  const process = randomUUID()
  const open = (): Redis => {
    const client = new Redis(url, {
      lazyConnect: true,
      enableOfflineQueue: false,
      autoResubscribe: false,
      maxRetriesPerRequest: 0,
      commandTimeout: heartbeat,
      // Over a connection that has gone without a word nothing would ever be said again.
      socketTimeout: heartbeat,
      keepAlive: heartbeat,
      retryStrategy: (times) => Math.min(times * 200, 2_000),
    })
    client.on('error', (error) => log.warn({ err: error }, 'Redis cannot be reached; trying again'))
    return client
  }
  let speaker: Redis | undefined
  let listener: Redis | undefined
  let timer: NodeJS.Timeout | undefined

  const speaking = async (): Promise<Redis> => {
    if (speaker) return speaker
    speaker = open()
    await speaker.connect().catch(() => undefined)
    return speaker
  }
  /** A connection that has gone without a word is given up, and made anew. */
  const keepAsking = (client: Redis): NodeJS.Timeout =>
    setInterval(() => {
      if (client.status === 'ready') client.ping().catch(() => client.disconnect(true))
    }, heartbeat).unref()

  return {
    say: async (texts) => {
      const client = await speaking()
      const pipeline = client.pipeline()
      for (const text of texts) pipeline.publish(channel, `${process} ${text}`)
      const answers = await pipeline.exec()
      const failed = answers?.find(([error]) => error)?.[0]
      if (failed) throw failed
    },
    follow: ({ onText, onHearing }) => {
      const client = open()
      listener = client
      timer = keepAsking(client)
      client.on('message', (_channel, text) => {
        const [from, said] = [text.slice(0, process.length), text.slice(process.length + 1)]
        if (from !== process) onText(said)
      })
      client.on('close', () => onHearing(false))
      return new Promise((resolve) => {
        let before = false
        client.on('ready', () => {
          client.subscribe(channel).then(
            () => {
              if (before) onHearing(true)
              before = true
              resolve()
            },
            () => client.disconnect(true),
          )
        })
        client.connect().catch(() => {
          before = true
          resolve()
        })
      })
    },
    close: async () => {
      clearInterval(timer)
      listener?.removeAllListeners('close')
      listener?.disconnect()
      speaker?.disconnect()
    },
  }
}
