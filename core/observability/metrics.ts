import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import type { SettledCall } from '../operations/invoke.ts'
import type { MeterObserver } from '../usage/meter.ts'
import type { LiveObserver } from '../live/connection.ts'
import { createLiveMetrics } from './liveMetrics.ts'
import { createModelMetrics } from './modelMetrics.ts'

/** What stands in the tables of events and jobs, by status: how much, and for how long the oldest. */
export interface WorkFigure {
  readonly status: string
  readonly jobs: number
  readonly oldestSeconds: number
}

export interface Metrics {
  /** Prometheus text exposition format 0.0.4. */
  text(): Promise<string>
  readonly contentType: string
  observe(call: SettledCall): void
  /** Asked at every reading for what waits and runs in all companies together. */
  readWork(figures: () => Promise<readonly WorkFigure[]>): void
  /** A piece of a job was settled, with `ok` or the code of its failure. */
  observeJob(name: string, code: string, seconds: number): void
  readonly models: MeterObserver
  readonly live: LiveObserver
  close(): void
}

const secondsBuckets = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 10]

/** Counts and times of operations beside the process's own figures. No tenant and no person is a label. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  let refreshWork = async (): Promise<void> => undefined
  collectDefaultMetrics({ register: registry, prefix: 'tekup_' })
  const calls = new Counter({
    name: 'tekup_operations_total',
    help: 'Operations settled, by operation, surface and code (ok or the error code).',
    labelNames: ['operation', 'surface', 'code'],
    registers: [registry],
  })
  const seconds = new Histogram({
    name: 'tekup_operation_seconds',
    help: 'Seconds from the call to its settling, by operation.',
    labelNames: ['operation'],
    buckets: secondsBuckets,
    registers: [registry],
  })
  const pieces = new Histogram({
    name: 'tekup_job_seconds',
    help: 'Seconds of a piece of a job, by job and code (ok or the error code).',
    labelNames: ['job', 'code'],
    buckets: secondsBuckets,
    registers: [registry],
  })
  return {
    text: async () => {
      await refreshWork()
      return registry.metrics()
    },
    contentType: registry.contentType,
    observe: ({ operation, caller, code, seconds: taken }) => {
      calls.inc({ operation: operation.name, surface: caller.origin.surface, code })
      seconds.observe({ operation: operation.name }, taken)
    },
    readWork: (figures) => {
      refreshWork = registerWork(registry, figures)
    },
    observeJob: (job, code, taken) => pieces.observe({ job, code }, taken),
    models: createModelMetrics(registry),
    live: createLiveMetrics(registry),
    close: () => registry.clear(),
  }
}

/** Milliseconds that the database gets to say the figures: whoever reads them does not wait for long. */
const patience = 2_000

const workStatuses = ['unrelayed', 'held', 'waiting', 'running']

/** Answers what brings the figures up to date; a database that does not answer leaves them as they were. */
function registerWork(
  registry: Registry,
  figures: () => Promise<readonly WorkFigure[]>,
): () => Promise<void> {
  const [labelNames, registers] = [['status'], [registry]]
  const oldest = new Gauge({
    name: 'tekup_work_oldest_seconds',
    help: 'Seconds that the oldest event not yet moved on, or job not yet ended, has been due, by status.',
    labelNames,
    registers,
  })
  const depth = new Gauge({
    name: 'tekup_work_waiting',
    help: 'Events not yet moved on, and jobs not yet ended, by status.',
    labelNames,
    registers,
  })
  return async () => {
    const late = new Promise<undefined>((resolve) => setTimeout(resolve, patience, undefined).unref())
    const found = await Promise.race([figures().catch(() => undefined), late])
    if (!found) return
    for (const status of workStatuses) {
      const figure = found.find((each) => each.status === status)
      depth.set({ status }, figure?.jobs ?? 0)
      oldest.set({ status }, figure?.oldestSeconds ?? 0)
    }
  }
}
