import { z } from 'zod'
import type { Plugin } from '../operations/plugin.ts'
import type { EventType } from './event.ts'

/** Every event that plugins tell of, with its version, its payload and who follows it: the page `docs/events.md`. */
export function eventReference(plugins: readonly Plugin[]): string {
  const events = plugins.flatMap(({ events: told = [] }) => told)
  const followers = plugins.flatMap(({ subscriptions = [] }) => subscriptions)
  const sections = events
    .toSorted((a, b) => a.name.localeCompare(b.name) || a.version - b.version)
    .map((event) => {
      const following = followers.filter(({ on, version }) => on === event.name && version === event.version)
      return section(
        event,
        following.map(({ name }) => name),
      )
    })
  return [heading, ...sections].join('\n')
}

const heading = `# Events

Made from the code (\`npm test -- tests/events -u\`). An event is stored with the change that it tells of; whoever follows it is
called once for it, in the order of what it is about.
`

function section({ name, version, payload }: EventType, followers: readonly string[]): string {
  const schema = z.toJSONSchema(payload, { io: 'output', unrepresentable: 'any' }) as JsonSchema
  const fields = Object.entries(schema.properties ?? {}).map(
    ([field, shape]) =>
      `- \`${field}\`: ${kindOf(shape)}${schema.required?.includes(field) ? '' : ', sometimes'}`,
  )
  const following = followers.map((follower) => `\`${follower}\``).join(', ')
  return `## \`${name}\`, version ${version}

${following === '' ? 'Nobody here follows it.' : `Followed by ${following}.`}

${fields.join('\n')}
`
}

interface JsonSchema {
  readonly type?: string
  readonly format?: string
  readonly enum?: readonly string[]
  readonly anyOf?: readonly JsonSchema[]
  readonly items?: JsonSchema
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
}

function kindOf({ type, format, enum: values, anyOf, items }: JsonSchema): string {
  if (anyOf) return anyOf.map(kindOf).join(' or ')
  if (values) return values.map((value) => `\`${value}\``).join(', ')
  if (items) return `list of ${kindOf(items)}`
  return format ?? type ?? 'anything'
}
