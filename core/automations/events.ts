import { z } from 'zod'
import { labelOf, readable } from '../approvals/preview/labels.ts'
import type { EventType } from '../events/event.ts'
import type { Locale } from '../language.ts'
import { nameParts } from '../operations/name.ts'
import { operation, type AnyOperation } from '../operations/operation.ts'
import type { Plugin } from '../operations/plugin.ts'
import { platformDomain } from '../operations/domain.ts'
import type { Registry } from '../operations/registry.ts'
import { fieldsIn, kinds, type PayloadField } from './payload.ts'

const EventField = z.object({
  path: z.string(),
  label: z.string(),
  type: z.enum(kinds),
  /** Of a choice, with the word for each. */
  values: z.array(z.object({ value: z.string(), label: z.string() })),
  /** The resource of an id. */
  resource: z.string().nullable(),
})

const EventEntry = z.object({
  name: z.string(),
  version: z.int(),
  title: z.string(),
  fields: z.array(EventField),
})

/** What can happen here, as data: what automations are made of. */
export const listEvents = (registry: () => Registry): AnyOperation =>
  operation({
    name: 'platform.events.list',
    summary: 'List the events that an automation can follow, with the fields of each',
    effect: 'read',
    input: z.strictObject({}),
    output: z.object({ items: z.array(EventEntry), nextCursor: z.null() }),
    run(_, { locale, domains }) {
      const on = registry().plugins.filter(({ name }) => name === platformDomain || domains.has(name))
      const items = on.flatMap((plugin) =>
        newest(plugin.events ?? []).map((event) => entryOf(registry(), plugin, event, locale)),
      )
      return { items, nextCursor: null }
    },
  })

/** Of each event its newest version: older ones are followed on, and no more chosen. */
function newest(events: readonly EventType[]): readonly EventType[] {
  const byName = Map.groupBy(events, ({ name }) => name)
  return [...byName.values()].map(
    (versions) => versions.toSorted((one, other) => other.version - one.version)[0]!,
  )
}

function entryOf(
  registry: Registry,
  plugin: Plugin,
  event: EventType,
  locale: Locale,
): z.output<typeof EventEntry> {
  const { domain, resource, verb } = nameParts(event.name)
  const about = registry.find(`${domain}.${resource}.list`)
  const words = plugin.locales[locale].events?.[event.name]
  const labelled = ({ path, kind, values, refers }: PayloadField) => ({
    path,
    label:
      words?.fields?.[path] ?? (about ? labelOf(about, path, undefined, locale, registry) : readable(path)),
    type: kind,
    values: values.map((value) => ({ value, label: words?.values?.[path]?.[value] ?? value })),
    resource: refers ?? null,
  })
  return {
    name: event.name,
    version: event.version,
    title:
      words?.title ??
      `${about ? registry.words(about, locale).title : resource}: ${readable(verb).toLowerCase()}`,
    fields: fieldsIn(event).map(labelled),
  }
}
