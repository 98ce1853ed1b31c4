import { describe, expect, test } from 'vitest'
import type { Caller } from '../operations/caller.ts'
import type { AnyOperation } from '../operations/operation.ts'
import { createRegistry } from '../operations/registry.ts'
import { shelf } from '../testing/shelf/shelf.ts'
import { offeredInTurn } from './offered.ts'

const { operations } = createRegistry([shelf])
const rights: Pick<Caller, 'permissions' | 'domains' | 'rules'> = {
  permissions: new Set(operations.map(({ permission }) => permission)),
  domains: new Set(operations.map(({ domain }) => domain)),
  rules: { denies: () => false, asks: () => false },
}
const none: readonly AnyOperation[] = []
const namesOf = (offered: readonly AnyOperation[]) => offered.map(({ name }) => name as string)

describe('what an agent is offered turn after turn', () => {
  test('is the very same list while nothing has changed', () => {
    const first = offeredInTurn(operations, none, rights)
    expect(namesOf(first)).toContain('shelf.books.list')
    expect(offeredInTurn(operations, none, { ...rights })).toBe(first)
  })

  test('is the very list of everybody who may do the same', () => {
    const other = { ...rights, permissions: new Set(rights.permissions), domains: new Set(rights.domains) }
    expect(offeredInTurn(operations, none, other)).toBe(offeredInTurn(operations, none, rights))
  })

  test('is worked out once for everybody, whoever is served between', () => {
    let asked = 0
    const rules = { denies: () => ++asked < 0, asks: () => false }
    const people = [1, 2].map(() => ({ ...rights, rules, domains: new Set(rights.domains) }))
    for (const person of people) offeredInTurn(operations, none, person)
    const once = asked
    for (const person of people) offeredInTurn(operations, none, person)
    expect(asked).toBe(once)
  })

  const denied = { denies: ({ name }: AnyOperation) => name === 'shelf.books.list', asks: () => false }
  test.each([
    ['its person may do less', { permissions: new Set<string>() }],
    ['a part is switched off', { domains: new Set<string>() }],
    ['it is another agent, that is denied it', { rules: denied }],
  ])('is another list at once where %s', (_, change) => {
    offeredInTurn(operations, none, rights)
    expect(namesOf(offeredInTurn(operations, none, { ...rights, ...change }))).not.toContain(
      'shelf.books.list',
    )
    expect(namesOf(offeredInTurn(operations, none, rights))).toContain('shelf.books.list')
  })

  test('has what the company brings, as long as it brings it', () => {
    const brought = operations.find(({ verb }) => verb === 'list')
    const others = operations.filter((each) => each !== brought)
    expect(namesOf(offeredInTurn(others, [brought!], rights))).toContain(brought!.name)
    expect(namesOf(offeredInTurn(others, none, rights))).not.toContain(brought!.name)
  })
})
