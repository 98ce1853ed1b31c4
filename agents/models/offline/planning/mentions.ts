import type { OfflineBrain, Skill } from '../brain.ts'
import { withoutNull, type JsonSchema } from '../card.ts'
import { isObject, type Step } from './transcript.ts'

/** A thing that was spoken of: known by a result or by a call. */
interface Mention {
  readonly resource: string
  readonly id: string
  readonly label?: string
}

/**
 * What was spoken of, last first; `list` is the list last shown, in its order. Once several things of a kind are shown,
 * "she" and "it" no longer mean the one of that kind that was spoken of before them.
 */
export interface Mentions {
  readonly things: readonly Mention[]
  readonly list: readonly Mention[]
}

export function mentionsIn(brain: OfflineBrain, steps: readonly Step[]): Mentions {
  let things: Mention[] = []
  let list: readonly Mention[] = []
  for (const { tool, args, outcome } of steps) {
    const skill = brain.byTool.get(tool)
    if (!skill || !outcome?.ok) continue
    const items = itemsOf(outcome.output)
    if (items && !isLookup(args)) {
      list = items.flatMap((item) => mentionOf(skill.resource, item) ?? [])
      if (list.length > 1) things = things.filter(({ resource }) => resource !== skill.resource)
    }
    things.unshift(
      ...spokenOf(brain, skill, args, items ? (items.length === 1 ? items[0] : undefined) : outcome.output),
    )
  }
  return { things, list }
}

/** The thing itself first, then the things that the call or its result points to. */
function spokenOf(brain: OfflineBrain, skill: Skill, args: Step['args'], result: unknown): Mention[] {
  const own = mentionOf(skill.resource, result)
  const pointed = [...pointers(brain, skill.card.output, result), ...pointers(brain, skill.card.input, args)]
  return [...(own ? [own] : []), ...pointed.filter((mention) => mention.id !== own?.id)]
}

function pointers(brain: OfflineBrain, schema: JsonSchema, value: unknown): Mention[] {
  if (!isObject(value)) return []
  return Object.entries(schema.properties ?? {}).flatMap(([name, outer]) => {
    const refers = withoutNull(outer).refers ?? brain.pointers.get(name)
    const id = value[name]
    if (typeof refers !== 'string' || typeof id !== 'string') return []
    const label = value[name.replace(/Id$/, 'Name')]
    return [{ resource: refers, id, ...(typeof label === 'string' && { label }) }]
  })
}

function mentionOf(resource: string, item: unknown): Mention | undefined {
  if (!isObject(item) || typeof item['id'] !== 'string') return undefined
  const label = labelOf(item)
  return { resource, id: item['id'], ...(label && { label }) }
}

export function labelOf(item: Readonly<Record<string, unknown>>): string | undefined {
  return ['name', 'title', 'fullName', 'label', 'subject', 'fileName', 'email', 'userAgent'].map((key) => item[key]).find((value) => typeof value === 'string') as string | undefined // prettier-ignore
}

export const itemsOf = (output: unknown): readonly unknown[] | undefined =>
  isObject(output) && Array.isArray(output['items']) ? output['items'] : undefined

/** The page size that only the model's own look-ups ask for. */
export const lookupLimit = 5
/** What is asked of a list that cannot be searched: a page of a size that nobody else asks for. */
export const wholeListLimit = 97
export const isLookup = (args: Step['args']): boolean =>
  args['limit'] === wholeListLimit || (args['limit'] === lookupLimit && typeof args['q'] === 'string')
