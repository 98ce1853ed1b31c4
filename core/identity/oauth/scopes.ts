import type { Effect } from '../../operations/operation.ts'

/** What a person lets a program do: effects of operations, within what the person may do themselves. */
export const effectScopes = ['read', 'write', 'send', 'destroy'] as const satisfies readonly Effect[]

/** `approve`: a yes that the person gives inside the program counts as theirs; nothing else makes it so. */
export const scopes = [...effectScopes, 'approve'] as const
export type Scope = (typeof scopes)[number]

/**
 * What the person is asked: the effects among what a client asked for, all of them when it asks for none that we know,
 * and whether a yes in the program counts, which is the person's to say and no program's to ask.
 */
export function scopesAsked(asked: string | undefined): readonly Scope[] {
  const words = new Set((asked ?? '').split(' '))
  const known = effectScopes.filter((scope) => words.has(scope))
  return [...(known.length > 0 ? known : effectScopes), 'approve']
}

/** The permissions among these whose effect is in scope: `crm.deals:write` is, where `write` is. */
export function permissionsInScope(
  permissions: ReadonlySet<string>,
  granted: readonly string[],
): ReadonlySet<string> {
  const allowed = new Set(granted)
  return new Set([...permissions].filter((permission) => allowed.has(permission.split(':')[1] ?? '')))
}
