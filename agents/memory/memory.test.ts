import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Caller } from '#core'
import { shelf } from '#core/testing'
import { assistantWorld, type AssistantWorld } from '../testing/assistantWorld.ts'
import { openaiProtocol } from '../testing/openaiProtocol.ts'
import { startVendor, type VendorServer } from '../testing/vendorServer.ts'

describe('what agents keep in mind', () => {
  let vendor: VendorServer
  let world: AssistantWorld
  let anna: Caller
  let mikkel: Caller

  beforeAll(async () => {
    vendor = await startVendor(openaiProtocol)
    world = await assistantWorld([shelf], openaiProtocol.environment(vendor.address))
    const company = randomUUID()
    anna = world.callerOf(company)
    mikkel = world.callerOf(company, { actor: { kind: 'person', id: randomUUID(), name: 'Mikkel' } })
  })
  beforeEach(() => {
    vendor.requests.length = 0
    vendor.script = () => ({ words: ['Fine.'] })
  })
  afterAll(async () => {
    await world.close()
    await vendor.close()
  })

  const keep = async (resource: 'memories' | 'guidelines', caller: Caller, text: string): Promise<void> => {
    await world.core.invoke(world.core.registry.find(`agents.${resource}.create`)!, { text }, caller)
  }
  const listed = async (resource: 'memories' | 'guidelines', caller: Caller) => {
    const list = world.core.registry.find(`agents.${resource}.list`)!
    const { value } = await world.core.invoke(list, {}, caller)
    return (value as { items: { text: string }[] }).items.map(({ text }) => text)
  }
  /** What the model is told at a turn, besides the tools. */
  const toldTo = async (caller: Caller, conversation?: string) => {
    const said = await world.say('hello', { caller, ...(conversation && { conversation }) })
    return { ...said, told: JSON.stringify(vendor.requests.at(-1).messages) }
  }

  test('is told to the model at every turn of that person, and of nobody else', async () => {
    await keep('memories', anna, 'I am called Anna M. in letters')
    expect((await toldTo(anna)).told).toContain('Anna M. in letters')
    expect((await toldTo(mikkel)).told).not.toContain('Anna M.')
    expect(await listed('memories', mikkel)).toEqual([])
  })

  test('for the whole company is told at the turns of all its people, and of no other company’s', async () => {
    await keep('guidelines', anna, 'Offers hold for thirty days')
    expect((await toldTo(mikkel)).told).toContain('Offers hold for thirty days')
    expect((await toldTo(world.callerOf(randomUUID()))).told).not.toContain('thirty days')
  })

  test('has an end, which is said in a sentence', async () => {
    const someone = world.callerOf(randomUUID())
    for (let number = 0; number < 50; number++) await keep('memories', someone, `thing ${number}`)
    await expect(keep('memories', someone, 'one more')).rejects.toMatchObject({ code: 'agents_memory_full' })
  })

  test('of a long conversation is a summary with the names and ids of what was made, and the latest messages whole', async () => {
    vendor.script = ({ messages }) => {
      if (String(messages[0].content).includes('sum up')) return { words: ['They added ', 'Niels Lyhne.'] }
      const asked = messages.at(-1)
      return asked.role === 'user' && asked.content === 'add it'
        ? { calls: [{ name: 'shelf_books_create', args: { title: 'Niels Lyhne' } }] }
        : { words: ['Fine.'] }
    }
    const { conversation, calls } = await world.say('add it', { caller: anna })
    for (let number = 1; number <= 17; number++)
      await world.say(`message number ${number}!`, { caller: anna, conversation })
    await world.settled()
    const { told } = await toldTo(anna, conversation)
    expect(told).toContain('They added Niels Lyhne.')
    expect(told).toContain((calls[0]!.output as { id: string }).id)
    expect(told).toContain('message number 17!')
    expect(told).not.toContain('message number 2!')
  })

  test('of a conversation that goes on and on tells every message once, in the summary or whole', async () => {
    const numbers = /\bn\d+\b/g
    let told: string[] | null = []
    vendor.script = ({ messages }) => {
      const said = (messages as { content: string }[]).map(({ content }) => content).join('\n')
      if (said.includes('You sum up')) return { words: [said.match(numbers)!.join(' ')] }
      told = said.match(numbers)
      return { words: ['Fine.'] }
    }
    let conversation: string | undefined
    for (let number = 0; number < 45; number++) {
      const said = await world.say(`n${number}`, { caller: anna, ...(conversation && { conversation }) })
      conversation ??= said.conversation
      expect(told).toEqual(Array.from({ length: number + 1 }, (_, each) => `n${each}`))
      await world.settled()
    }
  })

  test('of a long conversation is there also when the model does not sum up', async () => {
    vendor.script = ({ messages }) =>
      String(messages[0].content).includes('sum up')
        ? { refusal: { status: 400, body: '{"error":{"message":"no"}}' } }
        : { words: ['Fine.'] }
    const { conversation } = await world.say('first of all', { caller: mikkel })
    for (let number = 1; number <= 17; number++)
      await world.say(`message number ${number}!`, { caller: mikkel, conversation })
    await world.settled()
    const { told } = await toldTo(mikkel, conversation)
    expect(told).toContain('Person: first of all')
  })
})
