import { z } from 'zod'
import { sql } from '../../database/sql.ts'
import { fail } from '../../errors.ts'
import type { ReadContext, WriteContext } from '../../operations/context.ts'
import { operation, type AnyOperation } from '../../operations/operation.ts'
import type { Plugin } from '../../operations/plugin.ts'
import { platformDomain, type Registry } from '../../operations/registry.ts'
import type { AccessChanges } from '../accessChanges.ts'

const Switch = z.object({
  /** The domain, such as `crm`. */
  id: z.string(),
  version: z.string(),
  requires: z.array(z.string()),
  on: z.boolean(),
})

export function pluginOperations(registry: () => Registry, changes: AccessChanges): AnyOperation[] {
  const listPlugins = operation({
    name: 'platform.plugins.list',
    summary: 'List the parts of the platform and whether the company has them switched on',
    effect: 'read',
    input: z.strictObject({}),
    output: z.object({ items: z.array(Switch), nextCursor: z.null() }),
    async run(_, context) {
      const off = await domainsOff(context)
      return { items: switchable(registry()).map((plugin) => switchOf(plugin, off)), nextCursor: null }
    },
  })
  const updatePlugin = operation({
    name: 'platform.plugins.update',
    summary: 'Switch a part of the platform on or off for the whole company; its data stays',
    effect: 'write',
    input: z.strictObject({ id: z.string().max(100).meta({ refers: 'platform.plugins' }), on: z.boolean() }),
    output: Switch,
    async run({ id, on }, context) {
      const plugins = switchable(registry())
      const plugin = plugins.find(({ name }) => name === id) ?? fail('not_found')
      requireFit(plugin, plugins, on, await domainsOff(context))
      changes.announce(context.tenant.id)
      await context.query(
        on
          ? sql`DELETE FROM platform.domains_off WHERE tenant_id = ${context.tenant.id} AND domain = ${id}`
          : sql`INSERT INTO platform.domains_off (tenant_id, domain) VALUES (${context.tenant.id}, ${id}) ON CONFLICT DO NOTHING`,
      )
      return switchOf(plugin, await domainsOff(context))
    },
  })
  return [listPlugins, updatePlugin]
}

const switchable = ({ plugins }: Registry): Plugin[] =>
  plugins.filter(({ name, alwaysOn }) => name !== platformDomain && alwaysOn !== true)

const switchOf = (
  { name, version, requires = [] }: Plugin,
  off: ReadonlySet<string>,
): z.output<typeof Switch> => ({
  id: name,
  version,
  requires: [...requires],
  on: !off.has(name),
})

async function domainsOff(context: ReadContext | WriteContext): Promise<ReadonlySet<string>> {
  const rows = await context.query<{ domain: string }>(
    sql`SELECT domain FROM platform.domains_off WHERE tenant_id = ${context.tenant.id}`,
  )
  return new Set(rows.map(({ domain }) => domain))
}

/** A part that is on needs the parts it is built on. */
function requireFit(plugin: Plugin, plugins: readonly Plugin[], on: boolean, off: ReadonlySet<string>): void {
  if (on) {
    const missing = plugin.requires?.find((name) => off.has(name))
    if (missing)
      fail('conflict', { reason: { da: `slå først ${missing} til.`, en: `switch ${missing} on first.` } })
    return
  }
  const user = plugins.find(({ name, requires }) => !off.has(name) && requires?.includes(plugin.name))
  if (user)
    fail('conflict', { reason: { da: `slå først ${user.name} fra.`, en: `switch ${user.name} off first.` } })
}
