import type { Locale } from '#core'
import type { OfflineBrain, Skill } from '../brain.ts'
import { say } from './sentences.ts'

const mostGroups = 6
const perGroup = 3

/** What the model can do with the tools it was given: a short list, grouped by kind of thing. */
export function tellAbilities(
  brain: OfflineBrain,
  offered: (operation: string) => boolean,
  locale: Locale,
): string {
  const groups = new Map<string, Skill[]>()
  for (const skill of brain.skills.values()) {
    if (offered(skill.card.name)) groups.set(skill.resource, [...(groups.get(skill.resource) ?? []), skill])
  }
  if (groups.size === 0) return say('noTools', locale)
  const lines = [...groups.values()]
    .sort(bySize)
    .slice(0, mostGroups)
    .map((skills) => line(skills, locale))
  return `${say('abilities', locale)}\n${lines.join('\n')}`
}

const bySize = (left: readonly Skill[], right: readonly Skill[]): number => right.length - left.length
const usual = ['list', 'create', 'update', 'move', 'get']

function line(skills: readonly Skill[], locale: Locale): string {
  const rank = ({ verb }: Skill): number => (usual.includes(verb) ? usual.indexOf(verb) : usual.length)
  const first = [...skills].sort((left, right) => rank(left) - rank(right)).slice(0, perGroup)
  return `- ${first.map(({ card }) => card.words[locale].title).join(' · ')}`
}
