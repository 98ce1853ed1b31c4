import type { Effect } from '../../operations/operation.ts'

/** What a person lets a program do: effects of operations, within what the person may do themselves. */
export const effectScopes = ['read', 'write', 'send', 'destroy'] as const satisfies readonly Effect[]

/** `approve`: a yes that the person gives inside the program counts as theirs; nothing else makes it so. */
export const scopes = [...effectScopes, 'approve'] as const
export type Scope = (typeof scopes)[number]

/** The scopes among what a client asked for; one that asks for none that we know gets the effects. */
export function scopesAsked(asked: string | undefined): readonly Scope[] {
  const words = new Set((asked ?? '').split(' '))
  const known = scopes.filter((scope) => words.has(scope))
  return known.length > 0 ? known : effectScopes
}

/** The permissions among these whose effect is in scope: `crm.deals:write` is, where `write` is. */
export function permissionsInScope(
  permissions: ReadonlySet<string>,
  granted: readonly string[],
): ReadonlySet<string> {
  const allowed = new Set(granted)
  return new Set([...permissions].filter((permission) => allowed.has(permission.split(':')[1] ?? '')))
}
