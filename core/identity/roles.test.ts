import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { operation, type AnyOperation } from '../operations/operation.ts'
import type { Registry } from '../operations/registry.ts'
import { permissionPattern, permissionsMatching } from './permissions.ts'
import { permissionsOf, roles } from './roles.ts'

const one = (name: string, effect: 'read' | 'write' | 'send' | 'destroy'): AnyOperation =>
  operation({
    name: name as 'a.b.c',
    summary: '',
    effect,
    input: z.object({}),
    output: z.null(),
    run: () => null,
  } as never)
const operations = [
  one('crm.deals.list', 'read'),
  one('crm.deals.move', 'write'),
  one('crm.deals.mail', 'send'),
  one('crm.deals.delete', 'destroy'),
  one('platform.people.list', 'read'),
  one('platform.people.update', 'write'),
  one('platform.people.delete', 'destroy'),
  one('platform.apiKeys.create', 'send'),
  one('platform.audit.list', 'read'),
  one('platform.company.delete', 'destroy'),
  one('platform.conversations.list', 'read'),
  one('platform.conversations.update', 'write'),
  one('platform.profile.update', 'write'),
  one('platform.sessions.delete', 'write'),
]
const agents = [one('agents.models.update', 'write'), one('agents.memories.create', 'write')]
const registryOf = (...more: AnyOperation[]) =>
  ({
    operations: [...operations, ...more],
    plugins: [
      { name: 'crm' },
      { name: 'platform' },
      { name: 'agents', access: { employee: ['memories:*'], readOnly: [] } },
    ],
  }) as unknown as Registry
const registry = registryOf()
const all = operations.map(({ permission }) => permission as string)

describe('roles', () => {
  test.each([
    ['owner', []],
    ['admin', ['platform.company:destroy']],
    ['employee', ['platform.people:write', 'platform.people:destroy', 'platform.apiKeys:send', 'platform.audit:read', 'platform.company:destroy']], // prettier-ignore
    ['readOnly', ['crm.deals:write', 'crm.deals:send', 'crm.deals:destroy', 'platform.people:write', 'platform.people:destroy', 'platform.apiKeys:send', 'platform.audit:read', 'platform.company:destroy']], // prettier-ignore
  ] as const)('%s may everything but %j', (role, never) => {
    const may = permissionsOf(role, registry)
    expect(all.filter((permission) => !may.has(permission)).toSorted()).toEqual([...never].toSorted())
  })

  test('give employees and readers in a domain what its plugin says, where it says so', () => {
    const may = (role: (typeof roles)[number]) =>
      agents.map(({ permission }) => permission as string).filter((permission) => permissionsOf(role, registryOf(...agents)).has(permission)) // prettier-ignore
    expect(roles.map(may)).toEqual([
      ['agents.models:write', 'agents.memories:write'],
      ['agents.models:write', 'agents.memories:write'],
      ['agents.memories:write'],
      [],
    ])
  })

  test('are answered from memory', () => {
    for (const role of roles) expect(permissionsOf(role, registry)).toBe(permissionsOf(role, registry))
  })
})

describe('a permission pattern', () => {
  test.each([
    ['*.*:*', 14],
    ['crm.*:read', 1],
    ['crm.deals:*', 4],
    ['*.people:*', 3],
    ['crm.deal:*', 0],
    ['crm.d*:read', 0],
    ['crm', 0],
    ['', 0],
  ])('%s covers %i', (pattern, count) => {
    expect(permissionsMatching([pattern], operations).size).toBe(count)
  })

  test.each(['crm.*:read', '*.*:*', 'crm.apiKeys:destroy'])('%s is one', (text) =>
    expect(text).toMatch(permissionPattern),
  )
  test.each(['crm', 'crm.*', 'crm.*:run', 'Crm.*:read', 'crm.a*:read', 'crm.*:read\n', '.*:read'])(
    '%j is none',
    (text) => expect(text).not.toMatch(permissionPattern),
  )
})
