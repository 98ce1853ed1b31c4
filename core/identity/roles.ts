import type { Plugin } from '../operations/plugin.ts'
import { platformDomain } from '../operations/domain.ts'
import type { Registry } from '../operations/registry.ts'
import { permissionsMatching } from './permissions.ts'

export const roles = ['owner', 'admin', 'employee', 'readOnly'] as const
export type Role = (typeof roles)[number]

/** What everybody has of the core's own: themselves, and what the pages need to show. */
const ownThings = ['profile:*', 'sessions:*', 'connections:*', 'operations:read', 'people:read', 'company:read', 'plugins:read', 'approvals:*', 'grants:*', 'jobs:read', 'approvalPolicy:read'] // prettier-ignore
const work = ['conversations:*', 'messages:*', 'turns:*', 'files:*']
/** Asking an agent changes nothing by itself: its tools stay within what the person may do. */
const workSeen = ['conversations:*', 'messages:*', 'turns:*', 'files:read']

/** A role is a set of patterns; what an operation does (its effect) decides who has it, never its name. */
const patterns: Readonly<Record<Role, { everyDomain: string; platform: readonly string[] }>> = {
  owner: { everyDomain: '*', platform: ['*:*'] },
  admin: { everyDomain: '*', platform: ['*:*'] },
  employee: { everyDomain: '*', platform: [...ownThings, ...work] },
  readOnly: { everyDomain: 'read', platform: [...ownThings, ...workSeen] },
}

/** What a role never has, whatever its patterns say: only owners can end the company. */
const never: Readonly<Partial<Record<Role, readonly string[]>>> = { admin: ['platform.company:destroy'] }

const known = new WeakMap<Registry, Map<Role, ReadonlySet<string>>>()

/** Every permission of a role over the operations that stand in the registry. */
export function permissionsOf(role: Role, registry: Registry): ReadonlySet<string> {
  let ofRegistry = known.get(registry)
  if (!ofRegistry) known.set(registry, (ofRegistry = new Map()))
  let permissions = ofRegistry.get(role)
  if (!permissions) ofRegistry.set(role, (permissions = expand(role, registry)))
  return permissions
}

function expand(role: Role, { operations, plugins }: Registry): ReadonlySet<string> {
  const wanted = plugins.flatMap((each) => within(each, role).map((pattern) => `${each.name}.${pattern}`))
  const permissions = permissionsMatching(wanted, operations)
  return new Set([...permissions].filter((permission) => !never[role]?.includes(permission)))
}

/** The patterns of a role in one domain; a plugin may give employees and readers less than every domain does. */
function within({ name, access }: Plugin, role: Role): readonly string[] {
  const { everyDomain, platform } = patterns[role]
  if (name === platformDomain) return platform
  return (role === 'employee' || role === 'readOnly') && access ? access[role] : [`*:${everyDomain}`]
}
