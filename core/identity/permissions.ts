import type { AnyOperation } from '../operations/operation.ts'

/** `domain.resource:effect` with `*` for any part, such as `crm.*:read`. */
export const permissionPattern =
  /^(\*|[a-z][a-zA-Z0-9]*)\.(\*|[a-z][a-zA-Z0-9]*):(\*|read|write|send|destroy)$/

/** The permissions of these operations that one of the patterns covers. */
export function permissionsMatching(
  patterns: readonly string[],
  operations: readonly AnyOperation[],
): ReadonlySet<string> {
  const matchers = patterns.map(matcherOf)
  const permissions = new Set(operations.map(({ permission }) => permission))
  return new Set([...permissions].filter((permission) => matchers.some((matches) => matches(permission))))
}

function matcherOf(pattern: string): (permission: string) => boolean {
  const parts = permissionPattern.exec(pattern)?.slice(1)
  if (!parts) return () => false
  const [domain, resource, effect] = parts.map((part) => (part === '*' ? '[a-zA-Z0-9]+' : part))
  const expression = new RegExp(`^${domain}\\.${resource}:${effect}$`)
  return (permission) => expression.test(permission)
}
