import { afterAll, beforeAll, expect, test } from 'vitest'
import { plugins } from '#plugins'
import type { AnyOperation, Caller, Fault } from '#core'
import { testCore, type TestCore } from '#core/testing'
import { exchangeCount } from '../core/database/tenantClient.ts'

/*
 * Exchanges are what a distant server is waited for. One next door may have answered by the next turn of the event
 * loop; here every turn takes long enough for that, so that what is sent a turn later than it could be is counted.
 */
let world: TestCore
let caller: Caller
let turns: NodeJS.Timeout

beforeAll(async () => {
  world = await testCore(plugins)
  caller = world.callerOf('019aa000-0000-7000-8000-000000000001')
  await count('deals.create', { title: 'Den første, som får en pipeline lavet' })
  turns = setInterval(takeLong, 1)
})
afterAll(async () => {
  clearInterval(turns)
  await world.close()
})

/** Holds the turn between what has been sent in it and the look for answers. */
function takeLong(): void {
  const end = performance.now() + 3
  while (performance.now() < end);
}

interface Counted {
  readonly id: string
  readonly exchanges: number
}

async function count(name: string, input: object): Promise<Counted> {
  const operation = world.core.registry.find(`crm.${name}`) as AnyOperation
  const confirmation = operation.effect === 'destroy' ? await confirmationOf(operation, input) : undefined
  const before = exchangeCount.exchanges
  const { value } = await world.core.invoke(operation, input, { ...caller, ...(confirmation && { confirmation }) }) // prettier-ignore
  return { id: (value as { id: string }).id, exchanges: exchangeCount.exchanges - before }
}

const confirmationOf = (operation: AnyOperation, input: object): Promise<string> =>
  world.core.invoke(operation, input, caller).then(
    () => expect.fail(`${operation.name} asked for no confirmation`),
    (refusal: Fault) => String(refusal.details['confirm']),
  )

test('each write of the CRM waits at most three times for PostgreSQL, however quickly it answers', async () => {
  const exchanges: Record<string, number> = {}
  const write = async (name: string, input: object): Promise<string> => {
    const counted = await count(name, input)
    exchanges[name] = counted.exchanges
    return counted.id
  }
  const companyId = await write('companies.create', { name: 'Havneby ApS', tags: ['VIP'] })
  const contactId = await write('contacts.create', { name: 'Bente Skov', companyId, tags: ['VIP'] })
  const deal = await write('deals.create', { title: 'Rengøring', contactId })
  const task = await write('tasks.create', { title: 'Ring op', contactId })
  const call = await write('activities.create', { kind: 'call', subject: 'Talte om pris', contactId })
  const tag = await write('tags.create', { name: 'Tand' })
  await write('contacts.update', { id: contactId, title: 'Indkøber', tags: ['Tand'] })
  await write('deals.move', { id: deal, stage: 'tilbud sendt' })
  await write('deals.lose', { id: deal, lostReason: 'prisen' })
  await write('deals.reopen', { id: deal })
  await write('activities.update', { id: call, at: new Date(Date.now() - 60_000).toISOString() })
  await write('tasks.complete', { id: task })
  await write('activities.delete', { id: call })
  await write('tags.delete', { id: tag })
  await write('deals.delete', { id: deal })
  await write('contacts.delete', { id: contactId })
  expect(Object.entries(exchanges).filter(([, times]) => times > 3)).toEqual([])
})
