import { Queue, Worker, type BackendFactory, type RedisQueueBackend } from 'bullmq'
import type { Logger } from '../observability/log.ts'
import { lockMs, stalledMs, type JobStore, type Parcel } from './store.ts'

export interface BullmqOptions {
  readonly name: JobStore['name']
  readonly connections: number
  readonly log: Logger
  /** One queue for everything; a test takes another name on a server that it shares. */
  readonly queue: string
  /** Connects a queue, or a worker, to its store. */
  readonly connection: object
  readonly backend?: unknown
  readonly timing?: Timing
  /** Closes what both stood on. */
  closed(): Promise<void>
}

/** Milliseconds; shorter ones make tests of faults quick. */
export interface Timing {
  readonly lock: number
  readonly stalled: number
}

/** What BullMQ keeps of a parcel: ids. It has no column for a company, so nothing of a company may stand in it. */
interface Kept {
  readonly tenant: string
  readonly jobs: readonly string[]
}

/** Tries of the queue's own: beyond them the table decides. */
const mostStalled = 1

/** In bulk, BullMQ on PostgreSQL makes temporary tables: that pays for many, and costs more than it saves for few. */
const manyAtOnce = 16

/** BullMQ over either store; nothing here depends on which. */
export function createBullmqStore(options: BullmqOptions): JobStore {
  const { name, log, queue: queueName, connection, timing = { lock: lockMs, stalled: stalledMs } } = options
  // The types know of one backend; the classes take any.
  const backend = options.backend as BackendFactory<RedisQueueBackend>
  const queue = new Queue(queueName, { connection: connection as never }, backend)
  const complain = quietly(log, name)
  queue.on('error', complain)
  let worker: Worker<Kept> | undefined
  return {
    name,
    connections: options.connections,
    hand: async (parcels) => {
      const jobs = parcels.map(asJob)
      if (jobs.length >= manyAtOnce) await queue.addBulk(jobs)
      else await Promise.all(jobs.map(({ name: kind, data, opts }) => queue.add(kind, data, opts)))
    },
    missing: async (ids) => {
      const found = await Promise.all(ids.map((id) => queue.getJob(id)))
      return ids.filter((_, place) => found[place] === undefined)
    },
    work: async (run, atOnce) => {
      worker = new Worker<Kept>(
        queueName,
        ({ id, data, opts }) => run({ id: id as string, ...data, priority: opts.priority ?? 0 }),
        {
          connection: connection as never,
          autorun: false,
          concurrency: atOnce,
          lockDuration: timing.lock,
          stalledInterval: timing.stalled,
          maxStalledCount: mostStalled,
          // A store that was away is tried again soon, and a wake-up that was missed costs no more than this.
          runRetryDelay: 1_000,
          drainDelay: 2,
        },
        backend,
      )
      worker.on('error', complain)
      // Each finds out once whether it reaches its store. One that did not refuses for good, and a worker that runs
      // nevertheless asks again and again without giving way to anything else of the process.
      await Promise.all([queue.waitUntilReady(), worker.waitUntilReady()])
      worker.run().catch(complain)
    },
    close: async () => {
      await worker?.close()
      await queue.close()
      await options.closed()
    },
  }
}

const asJob = ({ id, tenant, jobs, priority }: Parcel) => ({
  name: 'parcel',
  data: { tenant, jobs },
  opts: { jobId: id, priority, removeOnComplete: true, removeOnFail: true },
})

/** A store that is away says so many times a second; once in ten seconds is enough. */
function quietly(log: Logger, store: string): (error: Error) => void {
  let next = 0
  return (error) => {
    if (performance.now() < next) return
    next = performance.now() + 10_000
    log.warn({ err: error, store }, 'the queue of jobs does not answer as it should')
  }
}
