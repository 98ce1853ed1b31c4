import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect } from 'vitest'
import type { Fault } from '../errors.ts'
import type { Caller } from '../operations/caller.ts'
import type { AnyOperation } from '../operations/operation.ts'
import { companyOf, log, quick } from '../jobs/testWorld.ts'
import { openPostgresStore } from '../jobs/postgresStore.ts'
import { testCore } from '../testing/core.ts'
import { mill } from '../testing/mill/mill.ts'
import { addBook, shelf } from '../testing/shelf/shelf.ts'

export interface Made {
  readonly id: string
  readonly name: string
  readonly status: string
  readonly reason: string | null
  readonly version: number
}
export interface Whole extends Made {
  readonly hash: string
  readonly accepts: readonly string[]
  readonly problem: string | null
  readonly does: {
    readonly title: string
    readonly warning: string | null
    readonly fields: readonly { readonly name: string; readonly value: string; readonly fromEvent: boolean }[]
  } | null
}
export interface Ran {
  readonly id: string
  readonly status: string
  readonly code: string | null
  readonly reason: string | null
  readonly eventId: string
  readonly auditId: string | null
}

export type AutomationWorld = Awaited<ReturnType<typeof openWorld>>
export type Company = ReturnType<AutomationWorld['company']>

/** Gives each test of a file a company of its own, in one world whose workers work. */
export function inCompanies(
  give: (given: { world: AutomationWorld; company: Company; anna: Caller }) => void,
): void {
  let world: AutomationWorld
  beforeAll(async () => {
    world = await openWorld()
    await world.work()
  })
  afterAll(() => world.close())
  beforeEach(() => {
    const company = world.company()
    give({ world, company, anna: company.anna })
  })
}

/** A shelf and a mill, whose companies each have a person and an agent of hers. */
export async function openWorld() {
  const world = await testCore([shelf, mill])
  const call = async (operation: AnyOperation | string, input: unknown, caller: Caller) => {
    const found = typeof operation === 'string' ? world.core.registry.find(operation)! : operation
    return (await world.core.invoke(found, input, caller)).value as never
  }
  const get = (id: string, caller: Caller): Promise<Whole> => call('platform.automations.get', { id }, caller)
  const make = (definition: object, caller: Caller): Promise<Made> =>
    call('platform.automations.create', { name: 'Titles', ...definition }, caller)
  const approve = async (id: string, caller: Caller, accept: readonly string[] = []): Promise<Made> =>
    call(
      'platform.automations.approve',
      { id, hash: (await get(id, caller)).hash, accept: [...accept] },
      caller,
    )
  return {
    ...world,
    close: async () => {
      await world.core.jobs.stop()
      await world.close()
    },
    call,
    get,
    make,
    approve,
    /** What cannot be undone, after a yes to the sentence of the refusal. */
    confirmed: async (operation: string, input: unknown, caller: Caller): Promise<unknown> => {
      const refusal = await call(operation, input, caller).then(
        () => expect.fail(`${operation} asked for no confirmation`),
        (fault: unknown) => fault as Fault,
      )
      return call(operation, input, { ...caller, confirmation: String(refusal.details['confirm']) })
    },
    refusal: (promise: Promise<unknown>): Promise<Fault> => promise.then(() => expect.fail('it was not refused'), (fault: unknown) => fault as Fault), // prettier-ignore
    /** Made and switched on by the same person. */
    on: async (definition: object, caller: Caller, accept: readonly string[] = []): Promise<Made> =>
      approve((await make(definition, caller)).id, caller, accept),
    runs: async (id: string, caller: Caller): Promise<readonly Ran[]> =>
      ((await call('platform.automationRuns.list', { automationId: id }, caller)) as { items: Ran[] }).items,
    company: () => {
      const tenant = randomUUID()
      const anna = world.callerOf(tenant, { actor: { kind: 'person', id: randomUUID(), name: 'Anna' } })
      const agent: Caller = {
        ...anna,
        actor: { kind: 'agent', id: 'assistant', name: 'TekUp', personId: anna.actor.id },
      }
      return { anna, agent, ...companyOf(world, tenant) }
    },
    add: (title: string, caller: Caller): Promise<{ readonly id: string }> =>
      call(addBook, { title }, caller),
    titles: async ({ tenant }: Caller): Promise<string[]> =>
      (await world.admin.query('SELECT title FROM shelf.books WHERE tenant_id = $1 ORDER BY id', [tenant.id])).rows.map(({ title }) => String(title)), // prettier-ignore
    sent: async ({ tenant }: Caller): Promise<string[]> =>
      (await world.admin.query(`SELECT address FROM shelf.letters WHERE tenant_id = $1 AND way = 'out' ORDER BY id`, [tenant.id])).rows.map(({ address }) => String(address)), // prettier-ignore
    work: () => world.core.jobs.start(() => openPostgresStore({ adminUrl: world.adminUrl, log }), quick),
  }
}

/** A run that was not done, with its reason in the reader's language. */
export const cancelled = (code: string) => ({
  status: 'cancelled',
  code,
  reason: expect.stringMatching(/\S/),
})

/** Every book that is added gets another title. */
export const retitle = {
  event: 'shelf.books.added',
  operation: 'shelf.books.update',
  input: { id: '{{payload.id}}', title: 'Seen {{event.day}}' },
}
/** Every book that is added is offered to somebody. */
export const lend = {
  event: 'shelf.books.added',
  operation: 'shelf.books.lend',
  input: { id: '{{payload.id}}', to: 'bente@havneby.example' },
}
