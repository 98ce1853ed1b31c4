import type { Config } from '../config.ts'
import type { Database } from '../database/database.ts'
import type { AccessChanges } from '../identity/accessChanges.ts'
import { deriveKey } from '../keys.ts'
import type { Logger } from '../observability/log.ts'
import type { Registry } from '../operations/registry.ts'
import type { Authenticated } from '../surfaces/authentication.ts'
import { liveBounds, type LiveBounds } from './bounds.ts'
import { readText, type Bus } from './bus.ts'
import type { Connection, LiveObserver, Reader } from './connection.ts'
import type { Hint } from './hint.ts'
import { createHub } from './hub.ts'
import { createEventLog } from './log.ts'
import { createOutgoing } from './outgoing.ts'
import { postgresBus } from './postgresBus.ts'
import { redisBus } from './redisBus.ts'
import { createSweep } from './sweep.ts'
import { createTopics } from './topics.ts'

/** Live updates: hints of what happened, to whoever may know of it, in every process. */
export interface Live {
  /** Tells the readers of all processes; call it after the commit. A hint whose event is told again is the same hint. */
  tell(hints: readonly Hint[]): void
  /** Hears of everything that happens in any process, whoever may read it, and forgets it soon. What was missed nobody tells again. */
  follow(hear: (hints: readonly Hint[]) => void): void
  /** Takes a reader of this process; refuses with `too_many_connections`, or `unavailable` while the process stops. */
  connect(who: Authenticated, reader: Reader): Connection
  /** Hears from now on what other processes say; resolves when it does, or cannot yet. */
  listen(): Promise<void>
  /** Readers of this process. */
  readonly size: number
  /** Ends every connection, with word to come back to another process, and takes no more. */
  dismiss(): void
  close(): Promise<void>
}

export interface LiveParts {
  readonly database: Database
  readonly registry: Registry
  readonly bus: Bus
  readonly log: Logger
  readonly changes: Pick<AccessChanges, 'follow'>
  readonly observe: LiveObserver
  readonly bounds?: Partial<LiveBounds> | undefined
}

export function createLive({
  database,
  registry,
  bus,
  log: logger,
  changes,
  observe,
  bounds: change,
}: LiveParts): Live {
  const bounds = { ...liveBounds, ...change }
  const log = createEventLog(database)
  const hub = createHub({ topics: createTopics(registry), log, bounds, logger, observe })
  const sweep = createSweep({ log, logger, every: bounds.sweep, tenants: hub.tenants, tell: hub.tell })
  changes.follow({ distrust: hub.expectChange, forget: hub.recheck, hears: hub.hears })
  const outgoing = createOutgoing(bus, logger)
  const followers: ((hints: readonly Hint[]) => void)[] = []
  const tellHere = (hints: readonly Hint[]): void => {
    const fresh = sweep.fresh(hints)
    hub.tell(fresh)
    if (fresh.length > 0) for (const hear of followers) hear(fresh)
  }
  let listening: Promise<void> | undefined

  const followBus = (): Promise<void> =>
    bus.follow({
      onText: (text) => {
        const said = readText(text)
        if (said && 'missed' in said) hub.reset(said.missed)
        else if (said) tellHere(said.hints)
      },
      onHearing: (hearing) => hearing && hub.reset('all'),
    })
  const listen = (): Promise<void> => (listening ??= followBus())
  return {
    tell: (hints) => {
      tellHere(hints)
      // The others have not been told, though a look may have found it here already.
      outgoing.add(hints)
    },
    follow: (hear) => {
      followers.push(hear)
      void listen()
    },
    connect: hub.connect,
    listen,
    get size() {
      return hub.size
    },
    dismiss: hub.close,
    close: async () => {
      sweep.close()
      hub.close()
      await outgoing.settled()
      await bus.close()
    },
  }
}

/** Redis where there is one, else PostgreSQL. */
export function openBus(
  config: Pick<Config, 'REDIS_URL'>,
  database: Database,
  secret: Buffer,
  log: Logger,
): Bus {
  const { REDIS_URL: url } = config
  const installation = deriveKey(secret, 'live').toString('hex').slice(0, 16)
  return url === undefined
    ? postgresBus(database.notifications)
    : redisBus({ url, channel: `tekup:live:${installation}`, log })
}
