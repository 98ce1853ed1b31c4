import { createAfterwards, type Afterwards } from './afterwards.ts'
import { createApprovals, type ApprovalDesk } from './approvals/approvals.ts'
import { claimRule, ruledCall } from './automations/follow.ts'
import { createAuditTrail, type AuditTrail } from './audit/groupCommit.ts'
import type { Config } from './config.ts'
import type { Database } from './database/database.ts'
import { createAccessChanges, type AccessChanges } from './identity/accessChanges.ts'
import { createPresentAccess, type AccessOf } from './identity/presentAccess.ts'
import { createOutbox, type Outbox } from './events/outbox.ts'
import { createEgress, egressRules, type Egress } from './egress/index.ts'
import type { LiveBounds } from './live/bounds.ts'
import { createLive, openBus, type Live } from './live/live.ts'
import { createMetrics, type Metrics } from './observability/metrics.ts'
import { deriveKey } from './keys.ts'
import type { Logger } from './observability/log.ts'
import { createConfirmations } from './operations/approval.ts'
import { createBrought, type Brought } from './operations/brought.ts'
import type { Clock, WriteContext } from './operations/context.ts'
import type { Caller } from './operations/caller.ts'
import { runFurnishing } from './operations/execute.ts'
import { createInvoke, engineOf, type Invoke, type InvokeParts } from './operations/invoke.ts'
import type { Plugin } from './operations/plugin.ts'
import { createPrecedence, type Precedence } from './operations/precedence.ts'
import { createRegistry, type Registry } from './operations/registry.ts'
import { platformPlugin } from './platform/platform.ts'
import { createSettingsMemory } from './settings/memory.ts'
import { workFigures } from './jobs/figures.ts'
import { createWorkHints } from './jobs/hints.ts'
import { createJobChanges } from './jobs/changes.ts'
import { createJobs, type Jobs } from './jobs/jobs.ts'
import { listWork } from './jobs/work.ts'
import { createUsageMeter, type UsageMeter } from './usage/meter.ts'
import { createRateLimits, type RateLimits } from './usage/rateLimits.ts'
import { createVault, rewrapDataKeys, wrappingKeys, type Vault } from './vault/index.ts'

export interface CoreParts {
  readonly config: Config
  readonly database: Database
  /** This installation's secret; every key is derived from it. */
  readonly secret: Buffer
  readonly plugins: readonly Plugin[]
  readonly log: Logger
  readonly clock?: Clock
  /** Who a person is now; the database says, unless a test below identity does. */
  readonly accessOf?: AccessOf
  /** What readers of live updates may take, where a test wants less. */
  readonly liveBounds?: Partial<LiveBounds>
}

/** What every surface is built on. */
export interface Core {
  readonly config: Config
  readonly registry: Registry
  /** The operations that one company has beside those of the registry. */
  readonly brought: Brought
  readonly invoke: Invoke
  readonly approvals: ApprovalDesk
  /** What follows on events, and what is done later. */
  readonly jobs: Jobs
  /** Fills a new company's tables, as the platform's own job; no request can reach it. */
  furnish<Result>(caller: Caller, work: (context: WriteContext) => Promise<Result>): Promise<Result>
  readonly database: Database
  readonly audit: AuditTrail
  /** Events are stored by it; it tells after their commit. */
  readonly outbox: Outbox
  readonly limits: RateLimits
  /** Lets people's reads go before what can wait. */
  readonly precedence: Precedence
  /** What every call of a model passes first. */
  readonly usage: UsageMeter
  readonly metrics: Metrics
  readonly log: Logger
  readonly clock: Clock
  readonly secret: Buffer
  /** Ties operations that change access to what identity remembers of it. */
  readonly changes: AccessChanges
  /** Who a person is in a company at this moment, asked of the database each time. */
  readonly accessOf: AccessOf
  readonly vault: Vault
  /** Hints of what happened, to readers in every process. */
  readonly live: Live
  readonly egress: Egress
  /** What goes on after its answer; `close` waits for it. */
  readonly afterwards: Afterwards
  /** Moves data keys to the current key of the installation; throws a `ConfigFault` when one cannot be opened. */
  openVault(): Promise<void>
  close(): Promise<void>
}

/** Puts the core together over a prepared database; binds the plugins' models to it. */
export function createCore(given: CoreParts): Core {
  const { config, database, secret, plugins, log, clock = systemClock } = given
  const changes = createAccessChanges()
  const hints = createWorkHints(database, log)
  const jobChanges = createJobChanges((told) => live.tell(told))
  const all = [
    platformPlugin({
      registry: () => registry,
      database,
      secret,
      changes,
      hints,
      jobChanges,
      work: () => work,
      carryOut: (...what) => approvals.carryOut(...what),
      requireApprover: (...what) => approvals.approvers.require(...what),
    }),
    ...plugins,
  ]
  const registry: Registry = createRegistry(all)
  for (const plugin of all) for (const bind of plugin.models ?? []) bind(database.sequelize)
  const audit = createAuditTrail(database)
  const outbox = createOutbox()
  const metrics = createMetrics()
  const limits = createRateLimits(rateRules(config))
  const precedence = createPrecedence()
  const afterwards = createAfterwards()
  const settings = createSettingsMemory({ database, changes, clock, log })
  const confirmations = createConfirmations(deriveKey(secret, 'confirmations'), clock)
  const accessOf = given.accessOf ?? createPresentAccess(database, () => registry)
  const invoke: Invoke = (...call) => invoking(...call)
  const wrapping = wrappingKeys(config, secret)
  const vault = createVault(wrapping)
  const egress = createEgress(egressRules(config.EGRESS_ALLOW, config.EGRESS_ONLY), precedence.giveWay)
  const brought = createBrought(registry, { database })
  const approvals = createApprovals({ registry, database, outbox, invoke, accessOf, brought, clock, log })
  const usage = createUsageMeter({ database, clock, log, observe: metrics.models })
  outbox.onStored(hints.give)
  const parts: InvokeParts = {
    vault,
    egress,
    usage,
    registry,
    database,
    audit,
    outbox,
    limits,
    precedence,
    confirmations,
    approvals,
    rules: { claim: claimRule },
    settings,
    clock,
    log,
    observe: (call) => metrics.observe(call),
    onWork: (asked) => {
      hints.give()
      for (const job of asked) jobChanges.moved(job)
    },
  }
  const invoking = createInvoke(parts)
  const bus = openBus(config, database, secret, log)
  const live = createLive({
    database,
    registry,
    bus,
    log,
    changes,
    observe: metrics.live,
    bounds: given.liveBounds,
  })
  outbox.onStored(live.tell)
  const work = listWork(all)
  metrics.readWork(() => workFigures(database))
  const jobs = createJobs({
    registry,
    database,
    invoke,
    accessOf,
    ruledCall: (row) => ruledCall({ registry, database, accessOf }, row),
    work,
    hints,
    log,
    observe: metrics.observeJob,
  })
  jobs.listen({ onJobChange: jobChanges.moved })
  return {
    config,
    registry,
    brought,
    invoke,
    approvals,
    jobs,
    furnish: (caller, work) => runFurnishing(engineOf(parts), caller, work),
    database,
    audit,
    outbox,
    limits,
    precedence,
    usage,
    metrics,
    log,
    clock,
    secret,
    changes,
    accessOf,
    vault,
    live,
    egress,
    afterwards,
    openVault: () => rewrapDataKeys(database, vault, wrapping),
    close: async () => {
      await jobs.stop()
      await afterwards.settled()
      metrics.close()
      await live.close()
      await usage.settled()
      await egress.close()
      await database.close()
    },
  }
}

const systemClock: Clock = { now: () => new Date() }

/** A company of fifty shares twenty people's allowance. */
const rateRules = ({ RATE_LIMIT_PER_MINUTE: perMinute }: Config) => ({
  actor: { points: perMinute, seconds: 60 },
  tenant: { points: perMinute * 20, seconds: 60 },
})
