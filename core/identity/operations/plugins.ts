import { z } from 'zod'
import { sql } from '../../database/sql.ts'
import { fail } from '../../errors.ts'
import { locales, type Locale, type Sentence } from '../../language.ts'
import type { ReadContext, WriteContext } from '../../operations/context.ts'
import { platformDomain } from '../../operations/domain.ts'
import { operation, type AnyOperation } from '../../operations/operation.ts'
import type { Plugin } from '../../operations/plugin.ts'
import type { Registry } from '../../operations/registry.ts'
import type { AccessChanges } from '../accessChanges.ts'

const Part = z.object({
  /** The domain, such as `crm`. */
  id: z.string(),
  title: z.string(),
  /** What it is for, in one sentence. */
  summary: z.string(),
  version: z.string(),
  /** Plugins that it is built on, and those that are built on it. */
  requires: z.array(z.string()),
  requiredBy: z.array(z.string()),
  /** How much of each it brings. */
  operations: z.int(),
  subscriptions: z.int(),
  jobs: z.int(),
  settings: z.int(),
  on: z.boolean(),
})
type Part = z.output<typeof Part>

export function pluginOperations(registry: () => Registry, changes: AccessChanges): AnyOperation[] {
  const listPlugins = operation({
    name: 'platform.plugins.list',
    summary: 'List the parts of the platform and whether the company has them switched on',
    effect: 'read',
    input: z.strictObject({}),
    output: z.object({ items: z.array(Part), nextCursor: z.null() }),
    async run(_, context) {
      const off = await domainsOff(context)
      const items = switchable(registry()).map((plugin) => partOf(plugin, registry(), off, context.locale))
      return { items, nextCursor: null }
    },
  })
  const updatePlugin = operation({
    name: 'platform.plugins.update',
    summary: 'Switch a part of the platform on or off for the whole company; its data stays',
    effect: 'write',
    input: z.strictObject({ id: z.string().max(100).meta({ refers: 'platform.plugins' }), on: z.boolean() }),
    output: Part,
    async run({ id, on }, context) {
      const plugin = switchable(registry()).find(({ name }) => name === id) ?? fail('not_found')
      await lockSwitches(context)
      requireFit(plugin, registry(), on, await domainsOff(context))
      changes.announce(context.tenant.id)
      await context.query(
        on
          ? sql`DELETE FROM platform.domains_off WHERE tenant_id = ${context.tenant.id} AND domain = ${id}`
          : sql`INSERT INTO platform.domains_off (tenant_id, domain) VALUES (${context.tenant.id}, ${id}) ON CONFLICT DO NOTHING`,
      )
      return partOf(plugin, registry(), await domainsOff(context), context.locale)
    },
  })
  return [listPlugins, updatePlugin]
}

const switchable = ({ plugins }: Registry): Plugin[] =>
  plugins.filter(({ name, alwaysOn }) => name !== platformDomain && alwaysOn !== true)

function partOf(plugin: Plugin, registry: Registry, off: ReadonlySet<string>, locale: Locale): Part {
  const { name, version, requires = [], operations, subscriptions = [], jobs = [], settings } = plugin
  return {
    id: name,
    ...registry.about(plugin, locale),
    version,
    requires: [...requires],
    requiredBy: builtOn(plugin, registry).map((each) => each.name),
    operations: operations.length,
    subscriptions: subscriptions.length,
    jobs: jobs.length,
    settings: Object.keys(settings?.schema.shape ?? {}).length,
    on: !off.has(name),
  }
}

const builtOn = ({ name }: Plugin, { plugins }: Registry): Plugin[] =>
  plugins.filter(({ requires }) => requires?.includes(name))

/** Of two who switch parts that need each other, the second sees what the first has done. */
async function lockSwitches({ tenant, query }: WriteContext): Promise<void> {
  await query(sql`SELECT 1 FROM platform.tenants WHERE tenant_id = ${tenant.id} FOR UPDATE`)
}

async function domainsOff(context: ReadContext | WriteContext): Promise<ReadonlySet<string>> {
  const rows = await context.query<{ domain: string }>(
    sql`SELECT domain FROM platform.domains_off WHERE tenant_id = ${context.tenant.id}`,
  )
  return new Set(rows.map(({ domain }) => domain))
}

/** A part that is on needs the parts it is built on. */
function requireFit(plugin: Plugin, registry: Registry, on: boolean, off: ReadonlySet<string>): void {
  const isOff = ({ name }: Plugin): boolean => off.has(name)
  const needed = registry.plugins.filter(({ name }) => plugin.requires?.includes(name))
  const inTheWay = on ? needed.find(isOff) : builtOn(plugin, registry).find((each) => !isOff(each))
  if (inTheWay)
    fail('conflict', { reason: on ? switchOn(inTheWay, registry) : stillUses(inTheWay, registry) })
}

const titled = (
  plugin: Plugin,
  { about }: Registry,
  say: Readonly<Record<Locale, (title: string) => string>>,
) =>
  Object.fromEntries(
    locales.map((locale) => [locale, say[locale](about(plugin, locale).title)]),
  ) as unknown as Sentence

const switchOn = (plugin: Plugin, registry: Registry): Sentence =>
  titled(plugin, registry, {
    da: (title) => `slå først ${title} til.`,
    en: (title) => `switch ${title} on first.`,
  })

const stillUses = (plugin: Plugin, registry: Registry): Sentence =>
  titled(plugin, registry, {
    da: (title) => `${title} bygger på det. Slå først ${title} fra.`,
    en: (title) => `${title} is built on it. Switch ${title} off first.`,
  })
