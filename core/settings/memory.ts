import type { Database } from '../database/database.ts'
import { prepared, sql } from '../database/sql.ts'
import type { AccessChanges } from '../identity/accessChanges.ts'
import { createChangingMemory } from '../identity/changingMemory.ts'
import type { Logger } from '../observability/log.ts'
import type { Clock } from '../operations/context.ts'
import { choice, usualValue, type Settings, type SettingsOf } from './settings.ts'

/** What companies have chosen of their plugins, remembered in this process until one of them chooses otherwise. */
export interface SettingsMemory {
  of<Chosen extends Settings>(tenant: string, settings: Chosen): Promise<SettingsOf<Chosen>>
}

interface MemoryParts {
  readonly database: Pick<Database, 'read'>
  readonly changes: Pick<AccessChanges, 'follow'>
  readonly clock: Clock
  readonly log: Logger
}

type Values = Readonly<Record<string, unknown>>

export function createSettingsMemory({ database, changes, clock, log }: MemoryParts): SettingsMemory {
  const memory = createChangingMemory<Values>({ clock, most: 20_000 })
  changes.follow(memory)
  const load = async (tenant: string, settings: Settings): Promise<Values> => {
    const chosen = await database.read<Chosen>(tenant, chosenIn(settings.domain))
    return Object.freeze(
      valuesOf(settings, chosen, (setting) =>
        log.warn(
          { tenant, setting },
          'a chosen setting does not fit any more; the usual value holds instead',
        ),
      ),
    )
  }
  return {
    of: async (tenant, settings) =>
      (await memory.recall(`${tenant} ${settings.domain}`, [tenant], () => load(tenant, settings))) as never,
  }
}

/** One setting that a company has chosen otherwise than usual. */
export interface Chosen {
  readonly name: string
  readonly value: unknown
  readonly version: number
}

export const chosenIn = (domain: string) =>
  prepared(
    'tekup_settings',
    sql`SELECT name, value, version FROM platform.settings WHERE tenant_id = (SELECT app.tenant()) AND domain = ${domain}`,
  )

/** Every setting with its value: the chosen one where it fits its schema, else the usual one. */
export function valuesOf(
  { domain, schema }: Settings,
  chosen: readonly Chosen[],
  misfit: (setting: string) => void = () => undefined,
): Record<string, unknown> {
  const byName = new Map(chosen.map(({ name, value }) => [name, value]))
  return Object.fromEntries(
    Object.entries(schema.shape).map(([name, field]) => {
      if (!byName.has(name)) return [name, usualValue(field)]
      const parsed = choice(field).safeParse(byName.get(name))
      if (!parsed.success) misfit(`${domain}.${name}`)
      return [name, parsed.success ? parsed.data : usualValue(field)]
    }),
  )
}
