import { permissionsMatching, type AgentRules, type AnyOperation } from '#core'
import type { Definition } from './definition.ts'

/** What the lists of an agent come to, over the operations that there are. Denied beats asked, and asked beats allowed. */
export function rulesOf(
  { allowed, asked, denied }: Pick<Definition, 'allowed' | 'asked' | 'denied'>,
  operations: readonly AnyOperation[],
): AgentRules {
  const [isAllowed, isAsked, isDenied] = [allowed, asked, denied].map((rules) =>
    covers(rules, operations),
  ) as [Covers, Covers, Covers]
  return {
    denies: (operation) =>
      isDenied(operation) || (allowed.length > 0 && !isAllowed(operation) && !isAsked(operation)),
    asks: isAsked,
  }
}

type Covers = (operation: AnyOperation) => boolean

function covers(rules: readonly string[], operations: readonly AnyOperation[]): Covers {
  const names = new Set(rules)
  const permissions = permissionsMatching(rules, operations)
  return ({ name, permission }) => names.has(name) || permissions.has(permission)
}
