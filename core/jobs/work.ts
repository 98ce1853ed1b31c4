import type { Occurrence, Subscription } from '../events/subscription.ts'
import type { EventType } from '../events/event.ts'
import { fault } from '../errors.ts'
import { platformDomain } from '../operations/domain.ts'
import type { AnyOperation } from '../operations/operation.ts'
import type { Plugin } from '../operations/plugin.ts'
import { priorities, type Job, type Progress, type Schedule } from './job.ts'

/** What stands in the table under one name, and what holds for it. */
export interface Lane {
  readonly name: string
  /** The domain whose right it has where nobody asked for it. */
  readonly plugin: string
  readonly attempts: number
  /** Milliseconds that one piece may take. */
  readonly timeout: number
  readonly concurrency: number | undefined
  readonly perMinute: number | undefined
}

/** What workers know of a job, or of what follows on an event. */
export interface Work extends Lane {
  readonly operation: AnyOperation
  /** What the operation is called with; nothing where nothing follows. Throws where it cannot be read. */
  inputOf(stored: unknown, occurrence: Occurrence): unknown
  /** With what it is called again, and how far it is. */
  after(
    output: unknown,
    input: unknown,
  ): { readonly next?: unknown; readonly progress?: Progress | undefined }
}

export interface WorkList {
  find(name: string): Lane | Work | undefined
  readonly all: readonly Lane[]
  readonly schedules: readonly ScheduledJob[]
  readonly events: readonly EventType[]
  readonly followers: readonly Follower[]
}

export interface ScheduledJob extends Schedule {
  readonly name: string
  readonly plugin: string
  readonly input: unknown
  readonly priority: number
}

export interface Follower {
  readonly name: string
  readonly plugin: string
  readonly type: string
  readonly version: number
}

const usual = { attempts: 5, seconds: 60, concurrency: 2 }

/** What automations do: each row says by its rule what is called, so no operation stands here. */
export const ruled: Lane = {
  name: 'platform.automations.follow',
  plugin: platformDomain,
  attempts: usual.attempts,
  timeout: usual.seconds * 1000,
  concurrency: undefined,
  perMinute: undefined,
}

/** Everything that the plugins have done later; throws at boot on a name that stands for two things. */
export function listWork(plugins: readonly Plugin[]): WorkList {
  const works = plugins.flatMap((plugin) => [
    ...(plugin.jobs ?? []).map((job) => ofJob(plugin, job)),
    ...(plugin.subscriptions ?? []).map((subscription) => ofSubscription(plugin, subscription)),
  ])
  const all: readonly Lane[] = [ruled, ...works]
  const byName = new Map(all.map((work) => [work.name, work]))
  const twice = all.find((work) => byName.get(work.name) !== work)
  if (twice) throw new Error(`Two jobs or subscriptions share the name "${twice.name}".`)
  return {
    find: (name) => byName.get(name),
    all,
    schedules: plugins.flatMap((plugin) => (plugin.jobs ?? []).flatMap((job) => scheduled(plugin, job))),
    events: plugins.flatMap(({ events = [] }) => events),
    followers: plugins.flatMap(({ name: plugin, subscriptions = [] }) =>
      subscriptions.map(({ name, on, version }) => ({ name, plugin, type: on, version })),
    ),
  }
}

function ofJob(plugin: Plugin, job: Job): Work {
  const { name, operation, attempts = usual.attempts, timeout = usual.seconds, perMinute } = job
  requireOwnName(plugin, name)
  return {
    name,
    plugin: plugin.name,
    operation,
    attempts,
    timeout: timeout * 1000,
    concurrency: job.concurrency ?? usual.concurrency,
    perMinute,
    inputOf: (stored) => stored,
    after: (output, input) => ({
      next: job.next?.(output as never, input as never),
      progress: job.progress?.(output as never),
    }),
  }
}

function ofSubscription(plugin: Plugin, subscription: Subscription): Work {
  const { name, operation } = subscription
  requireOwnName(plugin, name)
  return {
    name,
    plugin: plugin.name,
    operation,
    attempts: usual.attempts,
    timeout: usual.seconds * 1000,
    concurrency: undefined,
    perMinute: undefined,
    inputOf: (payload, occurrence) => {
      const read = subscription.reads.safeParse(payload)
      if (!read.success) throw fault('event_unreadable', { type: subscription.on }, { cause: read.error })
      return subscription.when && !subscription.when(read.data)
        ? undefined
        : subscription.input(read.data, occurrence)
    },
    after: () => ({}),
  }
}

const scheduled = (plugin: Plugin, { name, schedule, priority = 'usual' }: Job): ScheduledJob[] =>
  schedule ? [{ ...schedule, name, plugin: plugin.name, priority: priorities.indexOf(priority) }] : []

function requireOwnName(plugin: Plugin, name: string): void {
  if (!name.startsWith(`${plugin.name}.`))
    throw new Error(`"${name}" stands in plugin "${plugin.name}"; its name says another.`)
}
