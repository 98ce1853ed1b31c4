import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { shelf } from '#core/testing'
import { assistantWorld, type AssistantWorld } from '../testing/assistantWorld.ts'
import { openaiProtocol } from '../testing/openaiProtocol.ts'
import { startVendor, type VendorServer } from '../testing/vendorServer.ts'

let vendor: VendorServer
let world: AssistantWorld
beforeAll(async () => {
  vendor = await startVendor(openaiProtocol)
  world = await assistantWorld([shelf], {
    ...openaiProtocol.environment(vendor.address),
    EGRESS_ALLOW: new URL(vendor.address).host,
  })
})
afterAll(async () => {
  await world.close()
  await vendor.close()
})

test('a trace tells what its own turn cost, whether that was held back with its message or call by call', async () => {
  const caller = world.callerOf(randomUUID())
  const costs = async (list: string) => {
    const { value } = await world.core.invoke(world.core.registry.find(list)!, {}, caller)
    return (value as { items: { costMicros: number }[] }).items.map(({ costMicros }) => costMicros)
  }
  vendor.script = (request) =>
    openaiProtocol.results(request).length === 0
      ? { calls: [{ name: 'shelf_books_create', args: { title: 'Niels Lyhne' } }] }
      : { words: ['Added it.'] }
  const { conversation } = await world.say('add Niels Lyhne', { caller })
  await world.say('add another', { caller, conversation })
  const [ofPurse, ...byThemselves] = await costs('platform.usage.list')
  expect(await costs('agents.traces.list')).toEqual([ofPurse, byThemselves.reduce((sum, cost) => sum + cost)])
})
