import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createIdentity, type Caller } from '#core'
import { shelf } from '#core/testing'
import { assistantWorld, type AssistantWorld } from '../testing/assistantWorld.ts'
import { openaiProtocol } from '../testing/openaiProtocol.ts'
import { startVendor, type VendorServer } from '../testing/vendorServer.ts'
import type { Agent } from './definition.ts'

describe('an agent that an admin makes', () => {
  let vendor: VendorServer
  let world: AssistantWorld
  let anna: Caller

  beforeAll(async () => {
    vendor = await startVendor(openaiProtocol)
    world = await assistantWorld([shelf], openaiProtocol.environment(vendor.address))
  })
  beforeEach(() => {
    anna = world.callerOf(randomUUID())
    vendor.requests.length = 0
    vendor.script = () => ({ words: ['Fine.'] })
  })
  afterAll(async () => {
    await world.close()
    await vendor.close()
  })

  const call = async (name: string, input: object, caller = anna) =>
    (await world.core.invoke(world.core.registry.find(name)!, input, caller)).value as Agent
  const make = (given: object, caller = anna) =>
    call('agents.agents.create', { name: 'Bogormen', ...given }, caller)
  /** The model asks for a new book once, then answers. */
  const wantsBook = (): void => {
    vendor.script = (request) =>
      openaiProtocol.results(request).length === 0
        ? { calls: [{ name: 'shelf_books_create', args: { title: 'Niels Lyhne' } }] }
        : { words: ['Well.'] }
  }
  const told = () => JSON.stringify(vendor.requests.at(-1).messages)
  const books = async () =>
    (await world.admin.query('SELECT 1 FROM shelf.books WHERE tenant_id = $1', [anna.tenant.id])).rowCount

  test('answers under its name and after its instructions, for as long as the conversation lasts', async () => {
    const { id } = await make({ instructions: 'Speak of books alone.' })
    const { conversation } = await world.say('hello', { caller: anna, agent: id })
    expect(told()).toContain('You are Bogormen')
    await world.say('and again', { caller: anna, conversation })
    expect(told()).toContain('Speak of books alone.')
    await world.say('hello', { caller: anna })
    expect(told()).toContain('You are TekUp')
  })

  test('is offered what it is allowed and not denied', async () => {
    const { id } = await make({
      allowed: ['shelf.*:read', 'shelf.books.create'],
      denied: ['shelf.books.get'],
    })
    await world.say('hello', { caller: anna, agent: id })
    const tools = openaiProtocol.toolNames(vendor.requests[0])
    expect(tools).toContain('shelf_books_list')
    expect(tools).toContain('shelf_books_create')
    expect(tools).not.toContain('shelf_books_get')
    expect(tools.filter((name) => name.startsWith('platform_'))).toEqual([])
  })

  test('gets nothing that it is denied, whatever its model calls', async () => {
    const { id } = await make({ denied: ['shelf.books:write'] })
    wantsBook()
    const { calls } = await world.say('add it', { caller: anna, agent: id })
    expect(calls.map(({ status }) => status)).not.toContain('done')
    expect(await books()).toBe(0)
  })

  test('asks a person before what it is to ask about', async () => {
    const { id } = await make({ asked: ['shelf.books.create'] })
    wantsBook()
    const { calls } = await world.say('add it', { caller: anna, agent: id })
    expect(calls[0]).toMatchObject({ status: 'waiting', approval: { operation: 'shelf.books.create' } })
    expect(await books()).toBe(0)
  })

  test('never gets more than its person may', async () => {
    const reader = world.callerOf(anna.tenant.id, { permissions: new Set([...anna.permissions].filter((permission) => permission !== 'shelf.books:write')) }) // prettier-ignore
    const { id } = await make({ allowed: ['*.*:*'] })
    wantsBook()
    await world.say('add it', { caller: reader, agent: id })
    expect(await books()).toBe(0)
  })

  test('is not there where it is not spoken to, nor for another company', async () => {
    const { id } = await make({ channels: ['slack'] })
    await expect(world.say('hello', { caller: anna, agent: id })).rejects.toMatchObject({ code: 'not_found' })
    const { id: theirs } = await make({}, world.callerOf(randomUUID()))
    await expect(world.say('hello', { caller: anna, agent: theirs })).rejects.toMatchObject({
      code: 'not_found',
    })
  })

  test('keeps every version, shows what differs, and can be brought back', async () => {
    const { id } = await make({ instructions: 'one' })
    await call('agents.agents.update', { id, instructions: 'two', denied: ['shelf.books.delete'] })
    await call('agents.agents.update', { id, instructions: 'two' })
    const { changes } = (await call('agents.versions.compare', { agentId: id, from: 1, to: 2 })) as never as { changes: object[] } // prettier-ignore
    expect(changes).toEqual([
      { field: 'instructions', before: 'one', after: 'two' },
      { field: 'denied', before: [], after: ['shelf.books.delete'] },
    ])
    expect(await call('agents.agents.restore', { id, number: 1 })).toMatchObject({ instructions: 'one', denied: [], version: 3 }) // prettier-ignore
    const { items } = (await call('agents.versions.list', { agentId: id })) as never as {
      items: { number: number }[]
    }
    expect(items.map(({ number }) => number)).toEqual([3, 2, 1])
  })

  test('that is deleted leaves its conversations to the default one, which cannot be deleted', async () => {
    const { id } = await make({})
    const { conversation } = await world.say('hello', { caller: anna, agent: id })
    await confirmed('agents.agents.delete', { id })
    await world.say('still there?', { caller: anna, conversation })
    expect(told()).toContain('You are TekUp')
    const { id: chosen } = await make({ name: 'Den nye' })
    await call('agents.agents.choose', { id: chosen })
    await world.say('and now?', { caller: anna })
    expect(told()).toContain('You are Den nye')
    await expect(confirmed('agents.agents.delete', { id: chosen })).rejects.toMatchObject({ code: 'agents_default_stays' }) // prettier-ignore
  })

  test('is there from the first day of a company', async () => {
    const identity = createIdentity(world.core)
    const { tenantId } = await identity.provision({
      company: { name: 'Nyt ApS' },
      owner: { name: 'Ida Ny', email: 'ida@nyt.example', password: 'a good password', locale: 'da' },
    } as never)
    const { items } = (await call('agents.agents.list', {}, world.callerOf(tenantId))) as never as {
      items: Agent[]
    }
    expect(items).toMatchObject([{ name: 'TekUp', isDefault: true, version: 1 }])
    await identity.close()
  })

  const confirmed = async (name: string, input: object) => {
    const refused = (await call(name, input).catch((error: unknown) => error)) as {
      details: { confirm: string }
    }
    return call(name, input, { ...anna, confirmation: refused.details.confirm })
  }
})
