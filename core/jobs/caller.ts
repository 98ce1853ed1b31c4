import type { AccessOf } from '../identity/presentAccess.ts'
import { permissionsMatching } from '../identity/permissions.ts'
import type { Caller } from '../operations/caller.ts'
import type { Registry } from '../operations/registry.ts'
import type { Row } from './rows.ts'
import type { Work } from './work.ts'

export interface Rights {
  readonly registry: Registry
  readonly accessOf: AccessOf
}

type Who = Pick<Caller, 'permissions' | 'domains' | 'locale'>

/**
 * Who a job acts as: whoever asked for it, with what that person may do now; or its plugin, within the plugin's own domain
 * and those that it requires. What a job may not do without a rule is decided where every call is (`verdict`).
 */
export async function callerOf(rights: Rights, work: Work, row: Row): Promise<Caller> {
  const person = row.person_id
  const who =
    person === null ? pluginsOwn(rights.registry, work, row) : await rights.accessOf(row.tenant_id, person)
  return {
    tenant: { id: row.tenant_id, name: row.tenant_name ?? '' },
    actor: { kind: 'job', id: row.name, name: row.name, ...(person !== null && { personId: person }) },
    origin: { surface: 'job', requestId: row.request_id },
    permissions: who.permissions,
    domains: who.domains,
    locale: who.locale,
    cause: { depth: row.depth + 1, automations: row.automations },
  }
}

const known = new WeakMap<Registry, Map<string, ReadonlySet<string>>>()

function pluginsOwn(registry: Registry, { plugin }: Work, { domains_off: off }: Row): Who {
  const ofRegistry = known.get(registry) ?? new Map<string, ReadonlySet<string>>()
  known.set(registry, ofRegistry)
  const permissions = ofRegistry.get(plugin) ?? permissionsOfPlugin(registry, plugin)
  ofRegistry.set(plugin, permissions)
  return {
    permissions,
    domains: new Set(registry.domains.filter((domain) => !off.includes(domain))),
    locale: 'da',
  }
}

function permissionsOfPlugin({ plugins, operations }: Registry, name: string): ReadonlySet<string> {
  const { requires = [] } = plugins.find((plugin) => plugin.name === name) ?? {}
  return permissionsMatching(
    [name, ...requires].map((domain) => `${domain}.*:*`),
    operations,
  )
}
