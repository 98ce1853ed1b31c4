import { glob, readFile } from 'node:fs/promises'
import { HumanMessage } from '@langchain/core/messages'
import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Account, ModelUse, PlannedCall, UsageMeter } from '#core'
import { geminiProtocol } from '../testing/geminiProtocol.ts'
import { openaiProtocol } from '../testing/openaiProtocol.ts'
import { startVendor, type Protocol, type VendorServer } from '../testing/vendorServer.ts'
import { createEgress, egressRules } from '../../core/egress/index.ts'
import type { ModelChoice } from './choice.ts'
import { mostOutput } from './estimate.ts'
import type { ForAccount } from './metered.ts'
import { openModel } from './openModel.ts'

const vendors: readonly { protocol: Protocol; choiceAt: (address: string) => ModelChoice }[] = [
  {
    protocol: openaiProtocol,
    choiceAt: (address) => ({ ...installed, name: 'OpenAI', vendor: 'openai', model: 'gpt-5-mini', baseUrl: `${address}/v1` }), // prettier-ignore
  },
  {
    protocol: geminiProtocol,
    choiceAt: (address) => ({ ...installed, name: 'Gemini', vendor: 'google', model: 'gemini-2.5-flash', baseUrl: address }), // prettier-ignore
  },
]
const installed = { id: 'installed', apiKey: 'test-key', ofInstallation: true } as const

describe.each(vendors)('a metered model of $protocol.name', ({ protocol, choiceAt }) => {
  const account: Account = { tenant: 'nordlys', person: 'anna', agent: 'assistant', purpose: 'turn' }
  const { vendor: by, model: named } = choiceAt('')
  const name = `${by}/${named}`
  const used = { input: 900, cached: 300, output: 60, reasoning: 20 }
  const egress = createEgress(egressRules())
  let vendor: VendorServer
  let forAccount: ForAccount
  let model: BaseChatModel
  let planned: PlannedCall[]
  let settled: ModelUse[]
  let refusal: Error | undefined

  /** Writes down what it is asked; what a budget does with it is core's to test. */
  const usage: Pick<UsageMeter, 'begin'> = {
    begin: async (call) => {
      planned.push(call)
      if (refusal) throw refusal
      return { settle: async (use) => void settled.push(use) }
    },
  }

  beforeAll(async () => {
    vendor = await startVendor(protocol)
    forAccount = await openModel(choiceAt(vendor.address), { egress, usage })
  })
  beforeEach(() => {
    ;[planned, settled, refusal] = [[], [], undefined]
    vendor.requests.length = 0
    vendor.script = () => ({ words: ['Good ', 'morning.'], used })
    model = forAccount(account)
  })
  afterAll(async () => {
    await vendor.close()
    await egress.close()
  })

  const tool = { type: 'function', function: { name: 'greet', description: 'Greets.', parameters: { type: 'object', properties: { name: { type: 'string' } } } } } // prettier-ignore
  const drained = async (pieces: AsyncIterable<unknown>): Promise<void> => {
    for await (const piece of pieces) void piece
  }
  const ways: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['invoke', () => model.invoke('hello')],
    ['stream', async () => drained(await model.stream('hello'))],
    ['batch', () => model.batch(['hello'])],
    ['generate', () => model.generate([[new HumanMessage('hello')]])],
    ['events', async () => drained(model.streamEvents('hello', { version: 'v2' }))],
    ['content events', async () => void (await model.streamEvents('hello'))],
    ['bound tools', () => model.bindTools!([tool]).invoke('hello')],
    ['a configured copy', () => model.withConfig({ tags: ['copy'] }).invoke('hello')],
    ['retries', () => model.withRetry({ stopAfterAttempt: 2 }).invoke('hello')],
    ['fallbacks', () => model.withFallbacks([model]).invoke('hello')],
    ['a chain', () => model.pipe(({ text }) => text).invoke('hello')],
  ]

  test.each(ways)('reserves before and settles after, by way of %s', async (_, call) => {
    await call()
    expect(vendor.requests.length).toBe(1)
    expect(planned).toMatchObject([{ account, model: name, pricing: { basis: 'list' } }])
    expect(settled).toMatchObject([
      { inputTokens: 900, cachedTokens: 300, outputTokens: 60, reasoningTokens: 20, measured: 'reported' },
    ])
  })

  test.each(ways)('asks the vendor nothing when there is no room, by way of %s', async (_, call) => {
    refusal = new Error('There is no room.')
    await expect(call()).rejects.toThrow('There is no room.')
    expect(vendor.requests).toEqual([])
  })

  test('holds back the prompt with its tools, and the most that it lets the vendor answer', async () => {
    await model.invoke('x'.repeat(1_000))
    await model.bindTools!([tool]).invoke('x'.repeat(1_000))
    const [plain, withTools] = planned.map(({ inputTokens }) => inputTokens)
    expect(plain).toBeGreaterThanOrEqual(500)
    expect(withTools! - plain!).toBeGreaterThan(50)
    expect(planned.map(({ outputTokens }) => outputTokens)).toEqual([mostOutput, mostOutput])
    expect(JSON.stringify(vendor.requests[0])).toMatch(/"(max_completion_tokens|maxOutputTokens)":8192/)
    expect(protocol.toolNames(vendor.requests[1])).toEqual(['greet'])
    if (by === 'openai') expect(vendor.requests[0]).toMatchObject({ stream_options: { include_usage: true } })
  })

  test('reserves for every try, and settles a refused one at nothing', async () => {
    vendor.script = (_, turn) =>
      turn === 1 ? { refusal: { status: 503, body: '{}' } } : { words: ['Hello.'], used }
    await model.withRetry({ stopAfterAttempt: 2 }).invoke('hello')
    expect(vendor.requests.length).toBe(2)
    expect(settled).toMatchObject([{ inputTokens: 0, outputTokens: 0 }, { inputTokens: 900 }])
  })

  test('estimates what was used when the answer breaks off, and says so', async () => {
    vendor.script = () => ({ words: ['x'.repeat(700)], breaksOff: true })
    await expect(model.invoke('y'.repeat(7_000))).rejects.toThrow('broke_off')
    expect(settled).toMatchObject([{ measured: 'estimated' }])
    expect(settled[0]!.inputTokens).toBeGreaterThanOrEqual(2_000)
    expect(settled[0]!.outputTokens).toBeGreaterThanOrEqual(200)
  })

  test('estimates what was used when whoever asked leaves, and settles it', async () => {
    vendor.script = () => ({ words: ['I am ', 'thinking'], hangs: true })
    for await (const piece of await model.stream('hello')) {
      if (piece.text !== '') break
    }
    expect(settled).toMatchObject([{ measured: 'estimated' }])
    expect(settled[0]!.outputTokens).toBeGreaterThan(0)
  })
})

test('models are made in few places, and handed on from there for somebody’s account alone', async () => {
  const maker = /new (\w*(?:ChatOpenAI|ChatGoogleGenerativeAI)|VendorChatModel|OfflineChatModel)\(/g
  const made = new Set<string>()
  for await (const file of glob('agents/**/*.ts')) {
    if (/\.test\.ts$|\/(testing|evaluation)\//.test(file)) continue
    const text = await readFile(file, 'utf8')
    for (const [, model] of text.matchAll(maker)) made.add(`${file} ${model}`)
  }
  expect([...made].toSorted()).toEqual([
    'agents/assistant.ts OfflineChatModel',
    'agents/models/google.ts ChatGoogleGenerativeAI',
    'agents/models/openModel.ts VendorChatModel',
    'agents/models/openai.ts AzureChatOpenAI',
    'agents/models/openai.ts ChatOpenAI',
  ])
  for (const file of ['agents/assistant.ts', 'agents/models/openModel.ts']) {
    const text = await readFile(file, 'utf8')
    expect(text.match(/metered\(/g)?.length, file).toBe(
      text.match(/new (?:Offline|Vendor)ChatModel\(/g)?.length,
    )
  }
})
