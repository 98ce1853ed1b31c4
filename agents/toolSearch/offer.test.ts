import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Plugin } from '#core'
import { plugins } from '#plugins'
import { distractors } from '../../evaluation/distractors.ts'
import { assistantWorld, type AssistantWorld } from '../testing/assistantWorld.ts'
import { openaiProtocol } from '../testing/openaiProtocol.ts'
import { startVendor, type VendorServer } from '../testing/vendorServer.ts'

let vendor: VendorServer
let few: AssistantWorld
let many: AssistantWorld

beforeAll(async () => {
  vendor = await startVendor(openaiProtocol)
  const open = (more: readonly Plugin[]) =>
    assistantWorld([...plugins, ...more], openaiProtocol.environment(vendor.address))
  few = await open([])
  many = await open(distractors(230))
})
beforeEach(() => {
  vendor.requests.length = 0
  vendor.script = () => ({ words: ['Fine.'] })
})
afterAll(async () => {
  await few.close()
  await many.close()
  await vendor.close()
})

const offeredIn = (request: number): string[] => openaiProtocol.toolNames(vendor.requests[request])
const charactersOfTools = (): number => JSON.stringify(vendor.requests.at(-1).tools).length

test('a vendor’s model is offered a dozen operations of hundreds, with the one that is needed among them', async () => {
  await many.say('flyt Havneby-aftalen til tilbud sendt', { locale: 'da' })
  expect(offeredIn(0)).toEqual(expect.arrayContaining(['crm_deals_move', 'crm_deals_list', 'find_tools']))
  expect(offeredIn(0).length).toBeLessThanOrEqual(13)
})

test('a prompt is no longer with three hundred operations than with a hundred', async () => {
  await few.say('remind me to call Peter tomorrow')
  const before = charactersOfTools()
  await many.say('remind me to call Peter tomorrow')
  expect(charactersOfTools()).toBeLessThan(before * 1.3)
})

test('what the conversation has used stays at hand', async () => {
  vendor.script = (_, turn) =>
    turn === 1 ? { calls: [{ name: 'crm_tags_list', args: {} }] } : { words: ['None.'] }
  const { conversation } = await many.say('which tags do we have?')
  await many.say('what time is it?', { conversation })
  expect(offeredIn(vendor.requests.length - 1)).toContain('crm_tags_list')
})

test('what the model looks for is offered from then on', async () => {
  vendor.script = (_, turn) =>
    turn === 1
      ? { calls: [{ name: 'find_tools', args: { query: 'merge two companies' } }] }
      : { words: ['Found.'] }
  await many.say('good morning')
  expect(offeredIn(0)).not.toContain('crm_companies_merge')
  expect(offeredIn(1)).toContain('crm_companies_merge')
  expect(openaiProtocol.results(vendor.requests[1])[0]).toContain('crm_companies_merge')
})

test('nothing is offered or found that the person may not use', async () => {
  vendor.script = (_, turn) =>
    turn === 1 ? { calls: [{ name: 'find_tools', args: { query: 'delete the deal' } }] } : { words: ['No.'] }
  const reader = many.callerOf('019aa000-0000-7000-8000-00000000cafe')
  const permissions = new Set([...reader.permissions].filter((each) => !each.startsWith('crm.deals:')))
  await many.say('delete the Havneby deal', { caller: { ...reader, permissions } })
  expect([...offeredIn(0), ...offeredIn(1)].filter((name) => name.startsWith('crm_deals_'))).toEqual([])
  expect(openaiProtocol.results(vendor.requests[1]).join()).not.toContain('crm_deals_')
})

test('the offline model knows every operation, also when it steps in', async () => {
  vendor.script = () => ({ refusal: { status: 400, body: '{"error":{"message":"no"}}' } })
  const { calls } = await many.say('which tags do we have?')
  expect(calls.map(({ operation }) => operation)).toEqual(['crm.tags.list'])
})
