import { Counter, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import type { SettledCall } from '../operations/invoke.ts'
import type { MeterObserver } from '../usage/meter.ts'
import { createModelMetrics } from './modelMetrics.ts'

export interface Metrics {
  /** Prometheus text exposition format 0.0.4. */
  text(): Promise<string>
  readonly contentType: string
  observe(call: SettledCall): void
  /** A piece of a job was settled, with `ok` or the code of its failure. */
  observeJob(name: string, code: string, seconds: number): void
  readonly models: MeterObserver
  close(): void
}

const secondsBuckets = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 10]

/** Counts and times of operations beside the process's own figures. No tenant and no person is a label. */
export function createMetrics(): Metrics {
  const registry = new Registry()
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
    text: () => registry.metrics(),
    contentType: registry.contentType,
    observe: ({ operation, caller, code, seconds: taken }) => {
      calls.inc({ operation: operation.name, surface: caller.origin.surface, code })
      seconds.observe({ operation: operation.name }, taken)
    },
    observeJob: (job, code, taken) => pieces.observe({ job, code }, taken),
    models: createModelMetrics(registry),
    close: () => registry.clear(),
  }
}
