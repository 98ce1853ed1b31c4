import type { AgentDefinition, Effect, Operation } from '#lib/api/types.ts'
import { t } from '#lib/messages/index.ts'

export const ruleKinds = ['allowed', 'asked', 'denied'] as const
export type RuleKind = (typeof ruleKinds)[number]
/** What an admin says of one operation, or of all that a pattern such as crm.*:read covers. */
export type Rule = { name: string; kind: RuleKind }
type Lists = Pick<AgentDefinition, RuleKind>

export const rulesOf = (lists: Lists): Rule[] =>
  ruleKinds.flatMap((kind) => lists[kind].map((name) => ({ name, kind })))

export const listsOf = (rules: Rule[]): Lists => ({
  allowed: namesOf(rules, 'allowed'),
  asked: namesOf(rules, 'asked'),
  denied: namesOf(rules, 'denied'),
})

const namesOf = (rules: Rule[], wanted: RuleKind): string[] =>
  rules.filter(({ kind }) => kind === wanted).map(({ name }) => name)

/** Everything of one effect in one domain, as things that one can choose beside single operations. */
export function patternsOf(operations: Operation[]): Operation[] {
  const found = new Map<string, Operation>()
  for (const { name, effect } of operations) {
    const pattern = `${name.split('.')[0]}.*:${effect}`
    if (!found.has(pattern)) found.set(pattern, { name: pattern, title: patternTitle(pattern), effect, phrases: [] }) // prettier-ignore
  }
  return [...found.values()]
}

/** What people call a rule: the operation's title, a pattern in words, or the rule itself where it is gone. */
export function titleOf(name: string, operations: Operation[]): string {
  return operations.find((each) => each.name === name)?.title ?? patternTitle(name)
}

function patternTitle(name: string): string {
  const [what = '', effect] = name.split(':')
  const domain = what.replace(/\.\*$/, '')
  if (!effect || effect === '*') return name
  return t(`agents.every.${effect as Effect}`, { domain })
}
