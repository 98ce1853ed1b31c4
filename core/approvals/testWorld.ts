import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect } from 'vitest'
import type { Fault } from '../errors.ts'
import type { ApprovalNotice } from '../operations/approval.ts'
import type { Caller } from '../operations/caller.ts'
import type { AnyOperation } from '../operations/operation.ts'
import type { Plugin } from '../operations/plugin.ts'
import { testCore, type TestCore } from '../testing/core.ts'
import { addBook, shelf } from '../testing/shelf/shelf.ts'
import type { Approval } from './record.ts'

export type ApprovalWorld = Awaited<ReturnType<typeof openWorld>>

/** A shelf whose companies each have two people, and an agent that works for the first. */
export async function openWorld(books: Plugin = shelf) {
  const world: TestCore = await testCore([books])

  const call = async (operation: AnyOperation | string, input: unknown, caller: Caller) => {
    const found = typeof operation === 'string' ? world.core.registry.find(operation)! : operation
    return (await world.core.invoke(found, input, caller)).value as never
  }
  const refusal = (promise: Promise<unknown>): Promise<Fault> => promise.then(() => expect.fail('it was not refused'), (fault: unknown) => fault as Fault) // prettier-ignore
  const ask = async (operation: AnyOperation, input: unknown, agent: Caller): Promise<ApprovalNotice> => {
    const fault = await refusal(call(operation, input, agent))
    expect(fault.code).toBe('approval_required')
    return fault.details['approval'] as ApprovalNotice
  }
  return {
    ...world,
    call,
    refusal,
    ask,
    get: (id: string, caller: Caller): Promise<Approval> => call('platform.approvals.get', { id }, caller),
    approve: (id: string, caller: Caller, more = {}): Promise<Approval> =>
      call('platform.approvals.approve', { id, ...more }, caller),
    reject: (id: string, caller: Caller): Promise<Approval> =>
      call('platform.approvals.reject', { id }, caller),
    /** A company of its own, with one book. */
    company: async () => {
      const tenant = randomUUID()
      const person = (name: string) => ({ kind: 'person', id: randomUUID(), name }) as const
      const anna = world.callerOf(tenant, { actor: person('Anna') })
      const mikkel = world.callerOf(tenant, { actor: person('Mikkel') })
      const agent: Caller = {
        ...anna,
        actor: { kind: 'agent', id: 'assistant', name: 'TekUp', personId: anna.actor.id },
      }
      const book = (await world.core.invoke(addBook, { title: 'Løvens gab' }, anna)).value
      return { anna, mikkel, agent, book }
    },
    /** Addresses that something was sent to. */
    sent: async ({ tenant }: Caller): Promise<string[]> =>
      (await world.admin.query(`SELECT address FROM shelf.letters WHERE tenant_id = $1 AND way = 'out' ORDER BY id`, [tenant.id])).rows.map(({ address }) => String(address)), // prettier-ignore
    /** Changes a kept question behind everybody's back, triggers included. */
    inRow: (id: string, change: string) =>
      world.admin.query(`SET session_replication_role = replica; UPDATE platform.approvals SET ${change} WHERE id = '${id}'; SET session_replication_role = origin`), // prettier-ignore
  }
}

type Company = Awaited<ReturnType<ApprovalWorld['company']>>

/** Gives each test of a file a company of its own. Its agent asks, and Anna looks and decides, where nobody else is said to. */
export function companyForEachTest(onBegin: (company: Company, world: ApprovalWorld) => void) {
  let world: ApprovalWorld
  let company: Company
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())
  beforeEach(async () => {
    company = await world.company()
    onBegin(company, world)
  })
  const call: ApprovalWorld['call'] = (...what) => world.call(...what)
  const inRow: ApprovalWorld['inRow'] = (...what) => world.inRow(...what)
  return {
    call,
    inRow,
    refusal: (promise: Promise<unknown>) => world.refusal(promise),
    ask: (operation: AnyOperation, input: unknown, caller = company.agent) =>
      world.ask(operation, input, caller),
    get: (id: string, caller = company.anna) => world.get(id, caller),
    approve: (id: string, caller = company.anna, more = {}) => world.approve(id, caller, more),
    reject: (id: string, caller = company.anna) => world.reject(id, caller),
    mail: (to = 'bente@havneby.example') => ({ id: company.book.id, to }),
    sent: () => world.sent(company.anna),
  }
}
