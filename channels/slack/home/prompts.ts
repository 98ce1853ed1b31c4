import type { Authenticated, Core } from '#core'

export interface Prompt {
  readonly title: string
  readonly message: string
}

/** As many as Slack shows. */
const most = 4
/** Characters that fit on a button. */
const longest = 60

/** Things to ask, from what this person may read: each of another kind, and complete as they stand. */
export function promptsFor(
  { registry }: Pick<Core, 'registry'>,
  { permissions, domains, locale }: Authenticated,
): Prompt[] {
  const kinds = new Map<string, string>()
  for (const operation of registry.operations) {
    const { domain, resource, effect, permission } = operation
    const isOffered = effect === 'read' && domains.has(domain) && permissions.has(permission)
    if (!isOffered || ownAffairs.has(domain) || kinds.has(resource)) continue
    const phrase = registry
      .words(operation, locale)
      .phrases.find((each) => !each.includes('{') && each.length <= longest)
    if (phrase) kinds.set(resource, phrase.charAt(0).toLocaleUpperCase(locale) + phrase.slice(1))
  }
  return [...kinds.values()].slice(0, most).map((text) => ({ title: text, message: text }))
}

/** What is about TekUp itself is nobody's first question. */
const ownAffairs = new Set(['platform', 'agents', 'slack'])
