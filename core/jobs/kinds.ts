import { z } from 'zod'
import type { Locale } from '../language.ts'
import { operation, type AnyOperation } from '../operations/operation.ts'
import type { Registry } from '../operations/registry.ts'
import { ruled, type Lane, type Work, type WorkList } from './work.ts'

/** What is done later here, as people call it. */
export interface KindParts {
  readonly registry: () => Registry
  readonly work: () => WorkList
}

const Kind = z.object({
  name: z.string(),
  title: z.string(),
  /** Tries of one piece before the job has failed. */
  attempts: z.int(),
})

export const listKinds = ({ registry, work }: KindParts): AnyOperation =>
  operation({
    name: 'platform.jobs.kinds',
    summary: 'List what jobs there can be, as people call them, with how often each is tried',
    effect: 'read',
    input: z.strictObject({}),
    output: z.object({ items: z.array(Kind), nextCursor: z.null() }),
    run: (_, { locale }) => ({
      items: work()
        .all.map((lane) => ({
          name: lane.name,
          title: titleOf(registry(), lane, locale),
          attempts: lane.attempts,
        }))
        .sort((one, other) => one.title.localeCompare(other.title, locale)),
      nextCursor: null,
    }),
  })

/** A job is called by what it does: the title of its operation. */
export function titleOf(registry: Registry, lane: Lane | Work, locale: Locale): string {
  if (lane.name === ruled.name) return ofAutomations[locale]
  return 'operation' in lane ? registry.words(lane.operation, locale).title : lane.name
}

const ofAutomations: Readonly<Record<Locale, string>> = {
  da: 'Det, en automatisering gør',
  en: 'What an automation does',
}
