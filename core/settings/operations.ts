import { z } from 'zod'
import { sql } from '../database/sql.ts'
import { fail } from '../errors.ts'
import type { AccessChanges } from '../identity/accessChanges.ts'
import type { ReadContext, WriteContext } from '../operations/context.ts'
import { portableSchema, schemaOf } from '../operations/jsonSchema.ts'
import { operation, type AnyOperation } from '../operations/operation.ts'
import type { Plugin } from '../operations/plugin.ts'
import type { Registry } from '../operations/registry.ts'
import { readChoice, Value } from './choice.ts'
import { chosenIn, valuesOf, type Chosen } from './memory.ts'
import { choice, usualValue, type SettingValue } from './settings.ts'

const Setting = z.object({
  /** The plugin and the setting's own name: `crm.staleDays`. */
  id: z.string(),
  pluginId: z.string(),
  title: z.string(),
  hint: z.string().nullable(),
  value: Value,
  /** What holds where nothing else was chosen. */
  usual: Value,
  /** JSON Schema (2020-12) of what may be chosen. */
  schema: z.record(z.string(), z.unknown()),
  /** Of one of several texts: text → what people call it. */
  valueNames: z.record(z.string(), z.string()).nullable(),
  /** 0 where nothing was chosen. */
  version: z.int(),
})
type Setting = z.output<typeof Setting>

/** What a company chooses of its plugins. Those of a plugin that is switched off are unknown until it is on again. */
export function settingOperations(registry: () => Registry, changes: AccessChanges): AnyOperation[] {
  const listSettings = operation({
    name: 'platform.settings.list',
    summary: 'List what the company has chosen of the parts of the platform, and what it may choose',
    effect: 'read',
    input: z.strictObject({
      pluginId: z.string().max(100).optional().meta({ refers: 'platform.plugins' }),
      q: z.string().max(200).optional(),
      limit: z.int().min(1).max(200).default(200),
    }),
    output: z.object({ items: z.array(Setting), nextCursor: z.null() }),
    async run({ pluginId, q = '', limit }, context) {
      const plugins = pluginsOn(registry(), context).filter(({ name }) => name === (pluginId ?? name))
      const found = await Promise.all(plugins.map((plugin) => settingsOf(plugin, context)))
      const items = found.flat().filter((setting) => isCalled(setting, q))
      return { items: items.slice(0, limit), nextCursor: null }
    },
  })
  const updateSetting = operation({
    name: 'platform.settings.update',
    summary: 'Choose the value of a setting for the whole company; null is the usual value again',
    effect: 'write',
    input: z.strictObject({
      id: z.string().max(200).meta({ refers: 'platform.settings' }),
      value: Value.nullable().meta({ examples: ['30'] }),
      version: z.int().optional(),
    }),
    output: Setting,
    async run({ id, value, version }, context) {
      const plugin = pluginsOn(registry(), context).find(({ name }) => id.startsWith(`${name}.`))
      if (!plugin) fail('not_found')
      const before = await settingCalled(id, plugin, context)
      changes.announce(context.tenant.id)
      await choose(before, plugin, { value, version }, context)
      return settingCalled(id, plugin, context)
    },
  })
  return [listSettings, updateSetting]
}

type Context = ReadContext | WriteContext

const pluginsOn = ({ plugins }: Registry, { domains }: Context): Plugin[] =>
  plugins.filter(({ name }) => domains.has(name))

async function settingCalled(id: string, plugin: Plugin, context: Context): Promise<Setting> {
  return (await settingsOf(plugin, context)).find((each) => each.id === id) ?? fail('not_found')
}

async function settingsOf(plugin: Plugin, context: Context): Promise<Setting[]> {
  const { name: domain, settings, locales } = plugin
  if (!settings) return []
  const chosen = await context.query<Chosen>(chosenIn(domain))
  const values = valuesOf(settings, chosen)
  const words = locales[context.locale].settings ?? {}
  return Object.entries(settings.schema.shape).map(([name, field]) => ({
    id: `${domain}.${name}`,
    pluginId: domain,
    title: words[name]?.title ?? name,
    hint: words[name]?.hint ?? null,
    value: values[name] as SettingValue,
    usual: usualValue(field),
    schema: shownSchema(choice(field)),
    valueNames: { ...words[name]?.values },
    version: chosen.find((each) => each.name === name)?.version ?? 0,
  }))
}

/** As programs know it, and with the one keyword of ours that a form has to know. */
function shownSchema(schema: z.ZodType): Record<string, unknown> {
  const described = schemaOf(schema, 'output')
  return { ...portableSchema(described), ...(described['kind'] === 'money' && { kind: 'money' }) }
}

interface Choice {
  readonly value: SettingValue | null
  readonly version: number | undefined
}

/** Only what is not usual is kept, so that another usual value reaches everybody who never chose. */
async function choose(
  setting: Setting,
  plugin: Plugin,
  wanted: Choice,
  context: WriteContext,
): Promise<void> {
  const name = setting.id.slice(plugin.name.length + 1)
  const field = plugin.settings!.schema.shape[name]!
  const value =
    wanted.value === null ? setting.usual : readChoice(field, wanted.value, setting, context.locale)
  const at = sql`tenant_id = ${context.tenant.id} AND domain = ${plugin.name} AND name = ${name}`
  const expected = wanted.version ?? null
  const [row] = await context.query<Chosen>(sql`SELECT version FROM platform.settings WHERE ${at} FOR UPDATE`)
  if (expected !== null && expected !== (row?.version ?? 0)) fail('version_conflict')
  if (value === setting.usual) {
    await context.query(sql`DELETE FROM platform.settings WHERE ${at}`)
    return
  }
  const kept = await context.query(sql`
    INSERT INTO platform.settings AS s (tenant_id, domain, name, value)
    VALUES (${context.tenant.id}, ${plugin.name}, ${name}, ${JSON.stringify(value)}::jsonb)
    ON CONFLICT (tenant_id, domain, name) DO UPDATE SET value = EXCLUDED.value
    WHERE ${expected}::int IS NULL OR s.version = ${expected}::int RETURNING 1`)
  if (kept.length === 0) fail('version_conflict')
}

/** Every word of what is looked for begins a word of the title or the name. */
function isCalled({ id, title }: Setting, q: string): boolean {
  const wordsIn = (text: string): string[] => text.toLowerCase().split(/[^\p{L}\p{N}]+/u)
  const said = wordsIn(`${title} ${id}`)
  return wordsIn(q).every((part) => said.some((word) => word.startsWith(part)))
}
