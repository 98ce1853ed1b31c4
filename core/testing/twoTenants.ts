import type { Environment } from '../config.ts'
import { createAccessChanges, createIdentity, type Identity } from '../identity/index.ts'
import type { Caller } from '../operations/caller.ts'
import type { Plugin } from '../operations/plugin.ts'
import { createRegistry, type Registry } from '../operations/registry.ts'
import { listWork } from '../jobs/work.ts'
import { platformPlugin } from '../platform/platform.ts'
import { testCore, type TestCore } from './core.ts'
import type { TenantSide } from './describeOperation.ts'
import type { FindId } from './sample.ts'

export interface TwoTenants extends TestCore {
  readonly identity: Identity
  /** The owner of each company, with everything that the company was furnished with. */
  readonly nordlys: TenantSide
  readonly fjord: TenantSide
}

/** What everybody's password is in tests. */
export const testPassword = 'Regnbue over Nordhavn'

/** Two real companies with their people, furnished by every plugin as the demo companies are. */
export async function twoTenants(
  plugins: readonly Plugin[],
  environment: Environment = {},
): Promise<TwoTenants> {
  const world = await testCore(plugins, environment, 'real')
  const identity = createIdentity(world.core)
  await identity.listening
  return {
    ...world,
    identity,
    nordlys: await company(world, identity, 'nordlys', 'Nordlys Rengøring ApS', [
      'Anna Nordlys',
      'Mikkel Brandt',
    ]),
    fjord: await company(world, identity, 'fjordit', 'Fjord IT A/S', ['Sofie Fjord', 'Karen Vang']),
    close: async () => {
      await identity.close()
      await world.close()
    },
  }
}

async function company(
  { core }: TestCore,
  identity: Identity,
  key: 'nordlys' | 'fjordit',
  name: string,
  names: readonly [string, string],
): Promise<TenantSide> {
  const member = (person: string) => ({ name: person, email: `${person.split(' ')[0]!.toLowerCase()}@${key}.example`, password: testPassword }) // prettier-ignore
  const { tenantId, people } = await identity.provision({
    company: { name },
    owner: member(names[0]),
    members: [member(names[1])],
  })
  const who = await identity.accessOf(tenantId, people[0]!.id)
  const caller: Caller = { ...who, locale: 'en', origin: { surface: 'rest', requestId: `test-${key}` } }
  const job = { ...caller, actor: { kind: 'job', id: 'demo', name: 'TekUp' } } as const
  await core.furnish(job, async (context) => {
    for (const plugin of core.registry.plugins) await plugin.demo?.(context, { key, name, people })
  })
  return { caller, findId: finderOf(core, caller) }
}

/** Finds a thing through the resource's own list, as its owner; a resource with no list has no ids to be found. */
function finderOf({ registry, invoke }: TestCore['core'], caller: Caller): FindId {
  return async (resource) => {
    const list = registry.find(`${resource}.list`)
    if (!list) return undefined
    const { items } = (await invoke(list, {}, caller)).value as { items: { id?: string }[] }
    return items[0]?.id
  }
}

/** The registry of a product with these plugins, the core's own operations included: what suites are made over. */
export function registryOf(plugins: readonly Plugin[]): Registry {
  const platform = platformPlugin({
    registry: () => registry,
    secret: Buffer.alloc(32),
    changes: createAccessChanges(),
    database: { read: unreachable },
    carryOut: unreachable,
    requireApprover: unreachable,
    hints: { give: () => undefined, cancel: () => undefined },
    jobChanges: { moved: () => undefined, many: () => undefined },
    work: () => listWork(registry.plugins),
  })
  const registry = createRegistry([platform, ...plugins])
  return registry
}

/** Suites made over a registry run nothing by it. */
const unreachable = () => Promise.reject(new Error('Nothing runs here.'))
