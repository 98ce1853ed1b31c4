import pg from 'pg'
import { checkedTenant, type Scope } from './scope.ts'
import { keptAlive, type SilenceWatch } from './silence.ts'
import type { Statement } from './sql.ts'
import { exchangeCount } from './tenantClient.ts'
import { announcement, recordingAnnouncement, TenantQuery } from './tenantQuery.ts'

interface SharedConnections {
  /** Runs one statement in a transaction of its own, and answers its rows once that is committed. */
  run<Row extends object>(scope: Scope, statement: Statement): Promise<Row[]>
  /** The same, with lines of the trail stored before in the same transaction. */
  runRecorded<Row extends object>(scope: Scope, statement: Statement, lines: string): Promise<Row[]>
  /** The same, and answers its rows while it is being committed. */
  runAhead<Row extends object>(scope: Scope, statement: Statement): Promise<Ahead<Row>>
  /** Wakes the server's processes of those connections that have been idle. */
  wake(): void
  close(): Promise<void>
}

/** What a statement answers before its transaction is committed: until that, nobody else may be told of it. */
export interface Ahead<Row> {
  readonly rows: Row[]
  /** Rejects where it was not. */
  readonly committed: Promise<void>
}

/**
 * A few connections that all single-statement transactions share. Each transaction is one group of messages with one
 * synchronisation point, so those of many tenants stand in one pipeline without ever mixing, and a failure stays alone.
 */
export function openSharedConnections(
  config: pg.ClientConfig,
  size: number,
  silence: SilenceWatch,
): SharedConnections {
  const slots = Array.from({ length: size }, () => new Slot(config, silence))
  // Of those that nobody waits for it is the first, whose server's process is awake and has all at hand.
  const slotFor = ({ tenant }: Scope): Slot => {
    checkedTenant(tenant)
    return slots.reduce((least, slot) => (slot.awaited < least.awaited ? slot : least))
  }
  return {
    run: async (scope, statement) => slotFor(scope).run(scope, statement),
    runRecorded: async (scope, statement, lines) => slotFor(scope).run(scope, statement, lines),
    runAhead: async (scope, statement) => slotFor(scope).runAhead(scope, statement),
    wake: () => slots.forEach((slot) => slot.wake()),
    close: async () => {
      await Promise.all(slots.map((slot) => slot.close()))
    },
  }
}

/** Milliseconds without a statement after which a server's process takes longer to wake up than to carry out a short one. */
const asleepAfter = 10

class Slot {
  readonly #config: pg.ClientConfig
  readonly #silence: SilenceWatch
  #client: Promise<pg.Client> | undefined
  #gathering = false
  #awaited = 0
  #answeredAt = -Infinity

  constructor(config: pg.ClientConfig, silence: SilenceWatch) {
    this.#config = config
    this.#silence = silence
  }

  /** Statements that are not yet answered. */
  get awaited(): number {
    return this.#awaited
  }

  async run<Row extends object>(scope: Scope, statement: Statement, recorded?: string): Promise<Row[]> {
    const client = await this.#ready()
    return new Promise((resolve, reject) => {
      const answered = (error: Error | null, result?: pg.QueryResult): void => {
        this.#answered()
        if (error) reject(error)
        else resolve((result?.rows ?? []) as Row[])
      }
      const around = recorded === undefined ? {} : { recorded }
      const query = new TenantQuery(scope, statement, answered, around)
      this.#send(client, query as unknown as pg.Submittable)
    })
  }

  async runAhead<Row extends object>(scope: Scope, statement: Statement): Promise<Ahead<Row>> {
    const client = await this.#ready()
    const { promise: committed, resolve: commit, reject: fail } = Promise.withResolvers<void>()
    return new Promise((resolve, reject) => {
      committed.catch(reject)
      const over = (error: Error | null): void => {
        this.#answered()
        if (error) fail(error)
        else commit()
      }
      const ahead = (rows: object[]): void => resolve({ rows: rows as Row[], committed })
      const query = new TenantQuery(scope, statement, over, { ahead })
      this.#send(client, query as unknown as pg.Submittable)
    })
  }

  /** A Flush is answered with nothing (PostgreSQL: Message Formats), so that nobody here has to be woken for it. */
  wake(): void {
    const isAwake = this.#awaited > 0 || performance.now() - this.#answeredAt < asleepAfter
    if (!isAwake) this.#client?.then(({ connection }) => connection.flush(), ignored)
  }

  #answered(): void {
    this.#awaited--
    this.#answeredAt = performance.now()
  }

  async #ready(): Promise<pg.Client> {
    const client = await (this.#client ??= this.#open())
    exchangeCount.exchanges++
    return client
  }

  /** What finds nobody before it goes at once, however long the event loop's turn still is; the rest of that turn goes together. */
  #send(client: pg.Client, query: pg.Submittable): void {
    const { stream } = client.connection
    const isFirst = this.#awaited++ === 0
    if (isFirst) stream.cork()
    else this.#gather(stream)
    client.query(query)
    if (isFirst) stream.uncork()
  }

  #gather(stream: pg.Connection['stream']): void {
    if (this.#gathering) return
    this.#gathering = true
    stream.cork()
    setImmediate(() => {
      this.#gathering = false
      stream.uncork()
    })
  }

  /** Forgotten when it ends, so that the next statement opens another. */
  #open(): Promise<pg.Client> {
    const client = new pg.Client({ ...this.#config, ...keptAlive, pipeline: true } as pg.ClientConfig)
    this.#silence.watch(client)
    const opened = announced(client)
    const forget = (): void => {
      if (this.#client === opened) this.#client = undefined
    }
    client.on('error', forget)
    client.on('end', forget)
    opened.catch(forget)
    return opened
  }

  async close(): Promise<void> {
    const client = await this.#client?.catch(() => undefined)
    await client?.end()
  }
}

/** What cannot be woken the next statement finds out. */
const ignored = (): void => undefined

async function announced(client: pg.Client): Promise<pg.Client> {
  try {
    await client.connect()
    await client.query(announcement)
    await client.query(recordingAnnouncement)
    return client
  } catch (error) {
    void client.end().catch(() => undefined)
    throw error
  }
}
