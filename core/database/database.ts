import { Sequelize } from 'sequelize'
import type { Options, Transaction } from 'sequelize'
import pg from 'pg'
import type { Logger } from '../observability/log.ts'
import { openNotifications, type Notifications } from './notifications.ts'
import { currentScope, runInScope, sequelizeNamespace, type AccessMode } from './scope.ts'
import { openSharedConnections, type Ahead } from './sharedConnections.ts'
import { reachableOptions, watchSilence, type SilenceBounds, type SilenceWatch } from './silence.ts'
import type { Statement } from './sql.ts'
import { TenantClient } from './tenantClient.ts'

export interface DatabaseOptions {
  /** The runtime login: not owner, not superuser, no BYPASSRLS. */
  readonly url: string
  /** Connections for transactions of several statements. */
  readonly pool?: number
  /** Connections that reads of one statement share. */
  readonly sharedReads?: number
  readonly statementTimeoutMs?: number
  /** How soon it is found out that the server has gone without a word; shorter in tests. */
  readonly silence?: Partial<SilenceBounds & { readonly heartbeat: number }>
  readonly log?: Logger
}

/** One transaction that is open as one tenant. Models inside it find it by themselves. */
export interface TenantTransaction {
  /** Sent at once, in order, pipelined: queries fired together cost one exchange. */
  query<Row extends object>(statement: Statement): Promise<Row[]>
  /**
   * Starts each piece of work once the one before has sent its (first) statement, without waiting for its answer:
   * they run in order on the server and cost one exchange. For a model's write followed by a read of it.
   */
  pipeline<Work extends readonly (() => Promise<unknown>)[]>(...work: Work): Promise<Results<Work>>
  /** Travels in the same exchange as the COMMIT; when it fails, nothing is committed. */
  queryWithCommit(statement: Statement): void
  /** The same for things of one kind: all that the transaction has gathered of it travel as one statement. */
  gatherWithCommit<Item>(statementOf: (items: readonly Item[]) => Statement, item: Item): void
  /** Runs once the commit has been answered, and never where it was not; it must not throw. */
  afterCommit(work: () => void): void
}

export type Results<Work extends readonly (() => Promise<unknown>)[]> = {
  -readonly [Index in keyof Work]: Awaited<ReturnType<Work[Index]>>
}

export interface Database {
  /** Connections that it opens at most. */
  readonly connections: number
  readonly sequelize: Sequelize
  /** Runs `work` in a transaction of the tenant; commits when it resolves, rolls back when it throws. */
  transaction<Result>(
    tenant: string,
    mode: AccessMode,
    work: (transaction: TenantTransaction) => Promise<Result>,
  ): Promise<Result>
  /** As the platform itself: no tenant's row is visible; only reviewed functions see across tenants. */
  platform<Result>(work: (transaction: TenantTransaction) => Promise<Result>): Promise<Result>
  /** One read-only statement of one tenant in one exchange. */
  read<Row extends object>(tenant: string, statement: Statement): Promise<Row[]>
  /**
   * The same, with lines of the trail as JSON that are stored in its transaction, in the same exchange; none of them stays where
   * the read fails.
   */
  readRecorded<Row extends object>(tenant: string, statement: Statement, lines: string): Promise<Row[]>
  /** One statement of one tenant that may write, in one exchange, committed when it is answered. */
  write<Row extends object>(tenant: string, statement: Statement): Promise<Row[]>
  /** The same, answered while it is being committed: what nobody else is told of can begin meanwhile. */
  writeAhead<Row extends object>(tenant: string, statement: Statement): Promise<Ahead<Row>>
  /** The same as `write`, over a connection that nothing else waits for: what goes on beside a write of the same moment. */
  writeAside<Row extends object>(tenant: string, statement: Statement): Promise<Row[]>
  /**
   * Says that a write is near. A server's process that has slept for a tenth of a second takes a millisecond to wake up, six times
   * as long as a short statement; it does that meanwhile, at the price of five bytes.
   */
  expectWrite(): void
  /** One statement as the platform itself in one exchange, committed when it is answered. */
  platformStatement<Row extends object>(statement: Statement): Promise<Row[]>
  /** What processes tell each other, over one connection that is opened when it is first needed. */
  readonly notifications: Notifications
  /** Closes the transactions' connections that lie idle: after long work the server keeps up to 20 MB for each. */
  closeIdle(): Promise<void>
  close(): Promise<void>
}

/** Connections of one process by what they are for; the queue's come to them (`mostConnections`). */
const usualSizes = { pool: 4, reads: 4, platform: 2, writes: 1, asides: 1, listening: 1 }

/** Connections to PostgreSQL that a process opens for everything, the queue of jobs included. */
export const mostConnections = 16

/** Milliseconds that a server which lives needs to say that a statement took too long. */
const lateness = 5_000

/**
 * A statement that is prepared while a table is all but empty is planned to read all of it, and goes on to do so until the
 * table's statistics are taken again. A statement of a turn touches a few rows, and finds them by an index however few there are.
 */
const byIndex = '-c enable_seqscan=off'

export function openDatabase(options: DatabaseOptions): Database {
  const sizes = {
    ...usualSizes,
    pool: options.pool ?? usualSizes.pool,
    reads: options.sharedReads ?? usualSizes.reads,
  }
  const timeout = options.statementTimeoutMs ?? 30_000
  const serverOptions = `-c timezone=UTC -c statement_timeout=${timeout} -c idle_in_transaction_session_timeout=${timeout * 2} ${reachableOptions}`
  const silence = watchSilence({
    usual: timeout + lateness,
    inDoubt: 10_000,
    connecting: 5_000,
    ...options.silence,
  })
  Sequelize.useCLS(sequelizeNamespace)
  const sequelize = openSequelize(options, serverOptions, silence)
  const shared = { connectionString: options.url, options: serverOptions, application_name: 'tekup-shared' }
  const reads = openSharedConnections(shared, sizes.reads, silence)
  // Apart from the reads, so that none of those waits behind a commit; and from a tenant's writes, which wait for locks.
  const platformStatements = openSharedConnections(shared, sizes.platform, silence)
  const sharedByIndex = { ...shared, options: `${serverOptions} ${byIndex}` }
  const writes = openSharedConnections(sharedByIndex, sizes.writes, silence)
  const asides = openSharedConnections(sharedByIndex, sizes.asides, silence)
  const notifications = openNotifications({
    url: options.url,
    log: options.log,
    onLost: silence.doubt,
    ...(options.silence?.heartbeat !== undefined && { heartbeat: options.silence.heartbeat }),
  })
  const transact = async <Result>(
    tenant: string | null,
    mode: AccessMode,
    work: (transaction: TenantTransaction) => Promise<Result>,
  ): Promise<Result> => {
    if (currentScope()?.transaction) throw new Error('A transaction was opened inside another one.')
    const scope = { tenant, mode }
    return runInScope(scope, async () => {
      const transaction = await sequelize.transaction()
      Object.assign(scope, { transaction })
      const statements = statementsOf(transaction)
      return settle(transaction, statements, () => work(statements)).finally(() => statements.end())
    })
  }
  return {
    connections: Object.values(sizes).reduce((sum, size) => sum + size),
    sequelize,
    transaction: transact,
    platform: (work) => transact(null, 'READ WRITE', work),
    read: (tenant, statement) => reads.run({ tenant, mode: 'READ ONLY' }, statement),
    readRecorded: (tenant, statement, lines) =>
      reads.runRecorded({ tenant, mode: 'READ ONLY' }, statement, lines),
    write: (tenant, statement) => writes.run({ tenant, mode: 'READ WRITE' }, statement),
    writeAhead: (tenant, statement) => writes.runAhead({ tenant, mode: 'READ WRITE' }, statement),
    writeAside: (tenant, statement) => asides.run({ tenant, mode: 'READ WRITE' }, statement),
    expectWrite: () => writes.wake(),
    platformStatement: (statement) => platformStatements.run({ tenant: null, mode: 'READ WRITE' }, statement),
    notifications,
    closeIdle: () => poolOf(sequelize).destroyAllNow(),
    close: async () => {
      const closing = [notifications, reads, platformStatements, writes, asides, sequelize]
      await Promise.all(closing.map((each) => each.close()))
    },
  }
}

function openSequelize(options: DatabaseOptions, serverOptions: string, silence: SilenceWatch): Sequelize {
  class Client extends TenantClient {
    constructor(config: pg.ClientConfig) {
      super(config)
      silence.watch(this)
    }
  }
  // Nothing is asked or set while connecting: the time zone and the timeouts come with the connection's options.
  const settings: Options & { keepDefaultTimezone: true; databaseVersion: string } = {
    dialect: 'postgres',
    dialectModule: { ...pg, Client },
    dialectOptions: { options: serverOptions, application_name: 'tekup', clientMinMessages: 'ignore' },
    keepDefaultTimezone: true,
    standardConformingStrings: false,
    databaseVersion: '18.0.0',
    pool: { max: options.pool ?? usualSizes.pool, idle: 60_000, acquire: 10_000 },
    logging: false,
    define: { underscored: true, version: false, timestamps: false },
  }
  const sequelize = new Sequelize(options.url, settings)
  sequelize.addHook('afterConnect', (connection) => (connection as unknown as TenantClient).arm())
  return sequelize
}

/** What Sequelize leaves out of its types. */
const poolOf = ({ connectionManager }: Sequelize) =>
  (connectionManager as unknown as { readonly pool: { destroyAllNow(): Promise<void> } }).pool

interface TransactionStatements extends TenantTransaction {
  /** Sends what was gathered; the COMMIT follows in the same exchange. */
  sendGathered(): void
  /** What goes wrong with the COMMIT. */
  nextEnd(): Promise<Error | undefined>
  /** Waits for what was sent with the COMMIT, and throws the first fault of it. */
  settled(): Promise<void>
  committed(): void
  /** From here on the connection is somebody else's: a query that comes too late throws. */
  end(): void
}

async function settle<Result>(
  transaction: Transaction,
  statements: TransactionStatements,
  work: () => Promise<Result>,
): Promise<Result> {
  let result: Result
  try {
    result = await work()
  } catch (error) {
    await transaction.rollback().catch(() => undefined)
    throw error
  }
  statements.sendGathered()
  const ended = statements.nextEnd()
  await transaction.commit()
  const fault = await ended
  if (fault) {
    await statements.settled()
    throw fault
  }
  statements.committed()
  return result
}

function statementsOf(transaction: Transaction): TransactionStatements {
  const client = (transaction as unknown as { connection: TenantClient }).connection
  let isOver = false
  const run = async (statement: Statement): Promise<pg.QueryResult> => {
    if (isOver) throw new Error('A query ran outside a tenant’s transaction: its own is over.')
    return client.query({ ...statement, values: [...statement.values] })
  }
  const withCommit: Promise<unknown>[] = []
  const gathered = new Map<(items: readonly never[]) => Statement, unknown[]>()
  const after: (() => void)[] = []
  const queryWithCommit = (statement: Statement): void => {
    const sent = run(statement)
    sent.catch(() => undefined)
    withCommit.push(sent)
  }
  return {
    query: async <Row extends object>(statement: Statement) => (await run(statement)).rows as Row[],
    pipeline: async (...work) => {
      const started: Promise<unknown>[] = []
      for (const piece of work) {
        const sent = client.nextSent()
        const answer = piece()
        answer.catch(() => undefined)
        started.push(answer)
        await Promise.race([sent, answer])
      }
      return inOrder(await Promise.allSettled(started)) as never
    },
    queryWithCommit,
    gatherWithCommit: (statementOf, item) => {
      const items = gathered.get(statementOf)
      if (items) items.push(item)
      else gathered.set(statementOf, [item])
    },
    sendGathered: () =>
      gathered.forEach((items, statementOf) => queryWithCommit(statementOf(items as never[]))),
    afterCommit: (work) => void after.push(work),
    committed: () => after.forEach((work) => work()),
    nextEnd: () => client.nextEnd(),
    settled: async () => {
      await Promise.all(withCommit)
    },
    end: () => {
      isOver = true
    },
  }
}

/** The answers, or the first fault: what comes after it on the connection fails only because of it. */
function inOrder(answers: readonly PromiseSettledResult<unknown>[]): unknown[] {
  return answers.map((answer) => {
    if (answer.status === 'rejected') throw answer.reason
    return answer.value
  })
}
