import { HumanMessage, type AIMessage } from '@langchain/core/messages'
import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Account, UsageMeter } from '#core'
import { createEgress, egressRules, type Egress } from '../../core/egress/index.ts'
import { geminiProtocol } from '../testing/geminiProtocol.ts'
import { geminiRefusals } from '../testing/geminiRefusals.ts'
import { openaiProtocol } from '../testing/openaiProtocol.ts'
import { openaiRefusals } from '../testing/openaiRefusals.ts'
import { responsesProtocol } from '../testing/responsesProtocol.ts'
import { startVendor, type Protocol, type VendorAnswer, type VendorServer } from '../testing/vendorServer.ts'
import type { ModelChoice, Vendor } from './choice.ts'
import { openModel } from './openModel.ts'
import { isOutage, isPassing, VendorFault, type FaultKind } from './vendorFault.ts'

/** A meter that lets every call through: what budgets do is not the question here. */
const usage: Pick<UsageMeter, 'begin'> = { begin: async () => ({ settle: async () => undefined }) }
const account: Account = { tenant: 'nordlys', agent: 'assistant', purpose: 'turn' }

/** Patient enough for a busy machine, and hardly at all where silence is what is tested. */
const patient = { first: 10_000, between: 10_000 }
const impatient = { first: 300, between: 300 }

const open = async (choice: ModelChoice, door: Egress = egress, patience = patient): Promise<BaseChatModel> =>
  (await openModel(choice, { egress: door, usage, patience }))(account)

const secret = 'sk-secret-of-the-company-a1b2c3d4'
let egress: Egress
beforeAll(() => {
  egress = createEgress(egressRules('127.0.0.1'))
})
afterAll(() => egress.close())

const opening: Readonly<Record<Vendor, Partial<ModelChoice>>> = {
  openai: { vendor: 'openai' },
  azure: { vendor: 'azure', apiVersion: '2024-10-21' },
  google: { vendor: 'google' },
}

const tools = [
  { type: 'function', function: { name: 'look', description: 'Looks.', parameters: { type: 'object', properties: { at: { type: 'string' } } } } }, // prettier-ignore
]

/** Asks a model at this server once, and answers the fault or the words. */
async function ask(
  vendor: VendorServer,
  kind: Vendor,
  change: Partial<ModelChoice> = {},
  patience = patient,
): Promise<VendorFault | string> {
  const baseUrl = kind === 'openai' ? `${vendor.address}/v1` : vendor.address
  const choice = {
    id: 'm',
    name: 'M',
    model: 'm-1',
    baseUrl,
    apiKey: secret,
    ...opening[kind],
    ...change,
  } as ModelChoice
  const model = (await open(choice, egress, patience)).bindTools!(tools)
  let text = ''
  try {
    for await (const piece of await model.stream([new HumanMessage('hello')])) text += piece.text
    return text
  } catch (error) {
    expect(error).toBeInstanceOf(VendorFault)
    return error as VendorFault
  }
}

/** One server for each protocol; each case is asked of it once. */
function cases(
  protocol: Protocol,
  kind: Vendor,
  list: readonly (readonly [string, VendorAnswer, FaultKind])[],
): void {
  describe(`${kind} says`, () => {
    let vendor: VendorServer
    beforeAll(async () => {
      vendor = await startVendor(protocol)
    })
    afterAll(() => vendor.close())

    test.each(list)('%s', async (_, answer, expected) => {
      vendor.requests.length = 0
      vendor.script = () => answer
      const fault = (await ask(vendor, kind, {}, expected === 'silent' ? impatient : patient)) as VendorFault
      expect(fault.kind).toBe(expected)
      // The vendors' clients try nothing again by themselves.
      expect(vendor.requests.length).toBe(1)
      const shown = [fault.message, fault.stack, JSON.stringify(fault), String(fault.cause)].join()
      for (const word of [secret, 'sk-test', 'exceeded your', 'organization', 'not valid'])
        expect(shown).not.toContain(word)
    })
  })
}

const refused = (refusal: VendorAnswer['refusal']): VendorAnswer => ({ refusal: refusal! })
const { openaiKinds, azureKinds, geminiKinds } = {
  openaiKinds: {
    wrongKey: 'wrong_key', country: 'forbidden', noModel: 'no_such_model', tooLong: 'too_long', badRequest: 'refused', timeout: 'refused',
    conflict: 'refused', rateLimit: 'rate_limited', quota: 'quota', broken: 'overloaded', overloaded: 'overloaded', veryOverloaded: 'overloaded',
    gateway: 'overloaded', ollamaModel: 'no_such_model', ollamaTools: 'no_tools', vllmModel: 'no_such_model', vllmTools: 'no_tools',
  }, // prettier-ignore
  azureKinds: {
    azureKey: 'wrong_key',
    azureDeployment: 'no_such_model',
    azureFilter: 'blocked',
    azureLimit: 'rate_limited',
  },
  geminiKinds: {
    wrongKey: 'wrong_key', noKey: 'forbidden', country: 'forbidden', noModel: 'no_such_model', badRequest: 'refused', tooLong: 'too_long',
    perMinute: 'rate_limited', perMinuteLong: 'rate_limited', perDay: 'quota', broken: 'overloaded', overloaded: 'overloaded', deadline: 'overloaded',
  }, // prettier-ignore
} as const

const ofKinds = <Name extends string>(
  refusals: Readonly<Record<Name, VendorAnswer['refusal']>>,
  kinds: Readonly<Partial<Record<Name, FaultKind>>>,
) =>
  (Object.entries(kinds) as [Name, FaultKind][]).map(
    ([name, kind]) => [`${name}: ${kind}`, refused(refusals[name]), kind] as const,
  )

cases(openaiProtocol, 'openai', [
  ...ofKinds(openaiRefusals, openaiKinds),
  ['a filter in the middle: blocked', { words: ['I '], finish: 'content_filter' }, 'blocked'],
  ['an error in the middle of the stream: overloaded', { words: ['I '], raw: { error: { message: 'The server had an error while processing your request. Sorry about that!', type: 'server_error', param: null, code: null } } }, 'overloaded'], // prettier-ignore
  ['a stream that breaks off: broke_off', { words: ['I was '], breaksOff: true }, 'broke_off'],
  ['a stream that ends without an end: broke_off', { words: ['I was '], unfinished: true }, 'broke_off'],
  ['nothing for long: silent', { hangs: true }, 'silent'],
  ['nothing more for long: silent', { words: ['I am thinking '], hangs: true }, 'silent'],
])

cases(openaiProtocol, 'azure', ofKinds(openaiRefusals, azureKinds))

cases(geminiProtocol, 'google', [
  ...ofKinds(geminiRefusals, geminiKinds),
  ['that the prompt is blocked: blocked', { raw: { promptFeedback: { blockReason: 'PROHIBITED_CONTENT' }, usageMetadata: { promptTokenCount: 9, totalTokenCount: 9 } }, unfinished: true }, 'blocked'], // prettier-ignore
  ['that the answer is unsafe: blocked', { words: ['I '], finish: 'SAFETY' }, 'blocked'],
  ['a malformed call, without content: malformed', { raw: { candidates: [{ finishReason: 'MALFORMED_FUNCTION_CALL', index: 0, finishMessage: 'Malformed function call: print(default_api.look(' }] }, unfinished: true }, 'malformed'], // prettier-ignore
  ['no candidate at all: broke_off', { raw: { usageMetadata: { promptTokenCount: 9, totalTokenCount: 9 } }, unfinished: true }, 'broke_off'], // prettier-ignore
  ['an error in the middle of the stream: overloaded', { words: ['I '], raw: { error: { code: 503, message: 'The model is overloaded. Please try again later.', status: 'UNAVAILABLE' } } }, 'overloaded'], // prettier-ignore
  ['a stream that breaks off: broke_off', { words: ['I was '], breaksOff: true }, 'broke_off'],
  ['a stream that ends without an end: broke_off', { words: ['I was '], unfinished: true }, 'broke_off'],
  ['nothing for long: silent', { hangs: true }, 'silent'],
])

describe('a model that speaks the Responses API alone', () => {
  const change = { model: 'gpt-test-codex' }

  test('answers, calls and ends by its own events', async () => {
    const vendor = await startVendor(responsesProtocol, () => ({ words: ['Good ', 'morning.'] }))
    expect(await ask(vendor, 'openai', change)).toBe('Good morning.')
    expect(vendor.seen[0]?.path).toBe('/v1/responses')
    vendor.script = () => ({ calls: [{ name: 'look', args: { at: 'books' } }] })
    const model = await open({
      id: 'm',
      name: 'M',
      vendor: 'openai',
      baseUrl: `${vendor.address}/v1`,
      ...change,
    })
    const { tool_calls } = (await model.bindTools!(tools).invoke('look')) as AIMessage
    expect(tool_calls).toMatchObject([{ name: 'look', args: { at: 'books' } }])
    await vendor.close()
  })

  test('and breaks off, fails in the middle or is refused, is read like any other', async () => {
    const failed = { type: 'response.failed', response: { id: 'resp_test', status: 'failed', error: { code: 'server_error', message: 'The model failed to generate a response.' } } } // prettier-ignore
    const answers: [VendorAnswer, FaultKind][] = [
      [{ words: ['Good '], breaksOff: true }, 'broke_off'],
      [{ words: ['Good '], unfinished: true }, 'broke_off'],
      [{ words: ['Good '], raw: failed, unfinished: true }, 'broke_off'],
      [{ refusal: openaiRefusals.wrongKey }, 'wrong_key'],
    ]
    for (const [answer, kind] of answers) {
      const vendor = await startVendor(responsesProtocol, () => answer)
      expect(await ask(vendor, 'openai', change)).toMatchObject({ kind })
      await vendor.close()
    }
  })
})

describe('what a vendor asks to wait', () => {
  test.each([
    ['openai', openaiProtocol, openaiRefusals.rateLimit, 40],
    ['azure', openaiProtocol, openaiRefusals.azureLimit, 26_000],
    ['google', geminiProtocol, geminiRefusals.perMinuteLong, 34_000],
  ] as const)('is read from %s', async (kind, protocol, refusal, expected) => {
    const vendor = await startVendor(protocol, () => ({ refusal }))
    expect(((await ask(vendor, kind)) as VendorFault).retryAfter).toBe(expected)
    await vendor.close()
  })
})

describe('the request', () => {
  test.each([
    ['openai', openaiProtocol, 'authorization', `Bearer ${secret}`, '/v1/chat/completions'],
    [
      'azure',
      openaiProtocol,
      'api-key',
      secret,
      '/openai/deployments/m-1/chat/completions?api-version=2024-10-21',
    ],
    ['google', geminiProtocol, 'x-goog-api-key', secret, '/v1beta/models/m-1:streamGenerateContent?alt=sse'],
  ] as const)(
    'to %s goes to its address with the key in its header and nowhere else',
    async (kind, protocol, header, value, path) => {
      const vendor = await startVendor(protocol, () => ({ words: ['Hello.'] }))
      expect(await ask(vendor, kind)).toBe('Hello.')
      const [{ headers, path: asked }] = vendor.seen as [(typeof vendor.seen)[number]]
      expect(asked).toBe(path)
      expect(headers[header]).toBe(value)
      expect(JSON.stringify([vendor.requests, { ...headers, [header]: '' }, asked])).not.toContain(secret)
      await vendor.close()
    },
  )

  test('holds what OpenAI and Gemini take, and what they do not take is refused', async () => {
    for (const [kind, protocol] of [
      ['openai', openaiProtocol],
      ['google', geminiProtocol],
    ] as const) {
      const vendor = await startVendor(protocol, () => ({ words: ['Hello.'] }))
      const many = Array.from({ length: 129 }, (_, index) => ({
        ...tools[0]!,
        function: { ...tools[0]!.function, name: `look_${index}` },
      }))
      const choice = { id: 'm', name: 'M', model: 'm-1', baseUrl: kind === 'openai' ? `${vendor.address}/v1` : vendor.address, vendor: kind, apiKey: secret } as const // prettier-ignore
      const model = await open(choice)
      await expect(model.bindTools!(many).invoke([new HumanMessage('hello')])).rejects.toMatchObject({
        kind: 'refused',
      })
      expect((await model.bindTools!(many.slice(1)).invoke([new HumanMessage('hello')])).text).toBe('Hello.')
      await vendor.close()
    }
  })

  test('to a host that nobody allowed is not made', async () => {
    const closed = createEgress(egressRules())
    const model = await open(
      { id: 'm', name: 'M', model: 'm', vendor: 'openai', baseUrl: 'https://127.0.0.1:1/v1' },
      closed,
    )
    await expect(model.invoke('hello')).rejects.toMatchObject({
      kind: 'not_allowed',
      cause: { code: 'egress_refused' },
    })
    await closed.close()
  })

  test('to a port where nobody listens is unreachable', async () => {
    const vendor = await startVendor(openaiProtocol)
    await vendor.close()
    expect(await ask(vendor, 'openai')).toMatchObject({ kind: 'unreachable', code: 'ECONNREFUSED' })
  })
})

test('what passes and what counts as an outage', () => {
  const kinds = (check: (error: unknown) => boolean) =>
    (['wrong_key', 'refused', 'too_long', 'blocked', 'malformed', 'quota', 'rate_limited', 'overloaded', 'unreachable', 'broke_off', 'silent'] as const).filter((kind) => check(new VendorFault(kind))) // prettier-ignore
  expect(kinds(isPassing)).toEqual(['rate_limited', 'overloaded', 'unreachable', 'broke_off'])
  expect(kinds(isOutage)).toEqual([
    'wrong_key',
    'quota',
    'rate_limited',
    'overloaded',
    'unreachable',
    'broke_off',
    'silent',
  ])
  expect(isPassing(new Error('wrapped', { cause: new VendorFault('overloaded') }))).toBe(true)
})
