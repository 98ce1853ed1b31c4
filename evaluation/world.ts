import {
  createConversations,
  createCore,
  createIdentity,
  createLogger,
  furnishDemo,
  openDatabase,
  readConfig,
  type Authenticated,
  type Conversations,
  type Core,
  type Plugin,
} from '#core'
import { agentsPlugin, createAgentRunner } from '#agents'
import { plugins as domains } from '#plugins'
import { openWorld } from '../bench/world/database.ts'
import { furnishMore } from './furnish.ts'
import { namesIn, type Names } from './names.ts'
import { snapshotOf } from './snapshot.ts'

/** The moment at which everything is said: a Wednesday morning in Copenhagen. */
export const evaluationMoment = new Date('2026-11-18T09:00:00Z')

type Settings = Readonly<Record<string, string | undefined>>

export interface EvaluationWorld {
  readonly core: Core
  /** The owner of the demo company, who may do everything. */
  readonly anna: Authenticated
  readonly conversations: Conversations
  readonly names: Names
  /** Takes back what was said, and with `changes` what was done. */
  restore(what: 'talk' | 'changes'): Promise<void>
  close(): Promise<void>
}

/**
 * The demo company of a first start on an embedded PostgreSQL of its own, and the real way in: conversations, the
 * runner, tools, `invoke`. Settings choose the model, as they do for the product; none of them: the offline model.
 * `more` are plugins beside the product's own.
 */
export async function openEvaluationWorld(
  settings: Settings = {},
  more: readonly Plugin[] = [],
): Promise<EvaluationWorld> {
  const plugins = [agentsPlugin, ...domains, ...more]
  const world = await openWorld(plugins)
  const { runtimeUrl: databaseUrl, secret, admin } = world
  const core = createCore({
    config: readConfig({ ...settings, RATE_LIMIT_PER_MINUTE: '100000000' }),
    database: openDatabase({ url: databaseUrl }),
    secret,
    plugins,
    log: createLogger({ level: 'silent', format: 'json' }),
    clock: { now: () => evaluationMoment },
  })
  const identity = createIdentity(core)
  await furnishDemo(core, identity, demoPassword, () => undefined)
  const anna = await signedIn(identity)
  await furnishMore(core, anna)
  const snapshot = await snapshotOf(admin, ['agents', 'crm', 'platform'])
  const agent = createAgentRunner({ core })
  await agent.warm()
  return {
    core,
    anna,
    conversations: createConversations({ core, agent }),
    names: await namesIn(core, anna),
    restore: (what) => snapshot.restore(what === 'talk' ? talk : undefined),
    close: async () => {
      await identity.close()
      await core.close()
      await world.close()
    },
  }
}

const talk = /^platform\.(?:conversations|messages|turns)$/
const demoPassword = 'a demo password'

async function signedIn(identity: ReturnType<typeof createIdentity>): Promise<Authenticated> {
  const email = 'anna@nordlys.example'
  const device = { address: '127.0.0.1', userAgent: 'Firefox' }
  const { person, tenant } = await identity.signIn({ email, password: demoPassword, ...device })
  return identity.accessOf(tenant.id, person.id)
}
