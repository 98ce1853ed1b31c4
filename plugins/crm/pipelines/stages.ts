import { z } from 'zod'
import { saying, shortText } from '#core'
import { jaroWinkler } from '../values/jaroWinkler.ts'
import { foldExpanded, foldPlain } from '../values/fold.ts'
import { crmErrors } from '../errors.ts'

/** The steps of a pipeline, and how people name them. */

export const StageKind = z.enum(['open', 'won', 'lost'])

export const StageInput = z.strictObject({
  id: z.uuid().optional(),
  key: z
    .string()
    .refine(
      (key) => /^[a-z0-9_]{1,60}$/.test(key),
      saying({
        da: 'en nøgle er små bogstaver, tal og understreg',
        en: 'a key is small letters, digits and underscores',
      }),
    )
    .meta({ examples: ['new', 'proposal', 'won'] }),
  name: shortText(60),
  aliases: z.array(shortText(60)).max(20).default([]),
  kind: StageKind.default('open'),
  probability: z.int().min(0).max(100).meta({ description: 'Per cent' }),
})
export type StageInput = z.output<typeof StageInput>

export const Stage = StageInput.extend({
  id: z.uuid(),
  place: z.int(),
  aliases: z.array(z.string()),
  kind: StageKind,
})
export type Stage = z.output<typeof Stage>

/** Finds a stage by its id, key, name or one of its other names, however they are spelled; refuses with the list. */
export function stageCalled(stages: readonly Stage[], spoken: string): Stage {
  const stage =
    stages.find(({ id }) => id === spoken.toLowerCase()) ??
    stages.find((candidate) => likeness(candidate, spoken) === 1) ??
    onlyOne(stages.filter((candidate) => beginsLike(candidate, spoken))) ??
    likest(stages, spoken)
  return (
    stage ??
    crmErrors.fail('unknown_stage', { stage: spoken, stages: stages.map(({ name }) => name).join(', ') })
  )
}

/** The first stage of the kind: where deals are won, lost, or begin. */
export function stageOfKind(stages: readonly Stage[], kind: Stage['kind']): Stage {
  return stages.find((stage) => stage.kind === kind) ?? crmErrors.fail('no_such_kind_of_stage', { kind })
}

const namesOf = ({ key, name, aliases }: Stage): readonly string[] => [
  key.replaceAll('_', ' '),
  name,
  ...aliases,
]

const forms = [foldExpanded, foldPlain]

function likeness(stage: Stage, spoken: string): number {
  const pairs = namesOf(stage).flatMap((name) =>
    forms.map((fold) => jaroWinkler(fold(name), fold(spoken.replaceAll('_', ' ')))),
  )
  return Math.max(...pairs)
}

const beginsLike = (stage: Stage, spoken: string): boolean =>
  namesOf(stage).some((name) => forms.some((fold) => fold(name).startsWith(fold(spoken))))

const onlyOne = (stages: readonly Stage[]): Stage | undefined => (stages.length === 1 ? stages[0] : undefined)

/** A slip of the finger is forgiven, a guess is not made. */
function likest(stages: readonly Stage[], spoken: string): Stage | undefined {
  const [best, next] = stages
    .map((stage) => ({ stage, score: likeness(stage, spoken) }))
    .toSorted((left, right) => right.score - left.score)
  const clear = best !== undefined && best.score >= 0.9 && best.score - (next?.score ?? 0) >= 0.03
  return clear ? best.stage : undefined
}
