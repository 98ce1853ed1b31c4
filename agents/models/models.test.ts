import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { testCore, type TestCore } from '#core/testing'
import type { Locale } from '#core'
import { agentsPlugin } from '../plugin.ts'
import { geminiProtocol } from '../testing/geminiProtocol.ts'
import { geminiRefusals } from '../testing/geminiRefusals.ts'
import { openaiProtocol } from '../testing/openaiProtocol.ts'
import { openaiRefusals } from '../testing/openaiRefusals.ts'
import { startVendor, type VendorAnswer, type VendorServer } from '../testing/vendorServer.ts'
import { endingOf } from './setting.ts'
import { verdicts, verdictSentences } from './verdicts.ts'

const key = 'sk-abcdefghijklmnop-wxyz'

let world: TestCore
let vendor: VendorServer
let gemini: VendorServer
let tenant: string

beforeAll(async () => {
  vendor = await startVendor(openaiProtocol, () => ({ words: ['OK'] }))
  gemini = await startVendor(geminiProtocol, () => ({ words: ['OK'] }))
  world = await testCore([agentsPlugin], { EGRESS_ALLOW: '127.0.0.1' })
})
afterAll(async () => {
  await world.close()
  await Promise.all([vendor.close(), gemini.close()])
})
beforeEach(() => {
  tenant = randomUUID()
})

interface Shown {
  readonly id: string
  readonly name: string
  readonly place: number
  readonly keyEnding: string | null
  readonly baseUrl: string
  readonly version: number
  readonly checked: string | null
}

const run = async <Result = Shown>(name: string, input: object, locale: Locale = 'en'): Promise<Result> =>
  (
    await world.core.invoke(
      world.core.registry.find(`agents.models.${name}`)!,
      input,
      world.callerOf(tenant, { locale }),
    )
  ).value as Result
const add = (change: object = {}) =>
  run('create', { name: 'Ours', vendor: 'openai', model: 'gpt-5-mini', apiKey: key, ...change })
const names = async () =>
  (await run<{ items: Shown[] }>('list', {})).items.map(({ name, place }) => [name, place])

describe('a model of the company', () => {
  test('is shown with the last four characters of its key, and never more', async () => {
    const made = await add()
    expect(made).toMatchObject({
      keyEnding: 'wxyz',
      baseUrl: 'https://api.openai.com/v1',
      place: 1,
      checked: null,
    })
    const shown = JSON.stringify([made, await run('get', { id: made.id }), await run('list', {}), await run('update', { id: made.id, name: 'New' })]) // prettier-ignore
    expect(shown).not.toContain(key.slice(0, 12))
    expect(['short-key', 'sk-sixteen-chars'].map(endingOf)).toEqual(['', 'hars'])
  })

  test('gets a new key without the old one being shown, and is another version then', async () => {
    const { id, version } = await add()
    expect(await run('update', { id, apiKey: 'sk-another-key-of-ours-0000' })).toMatchObject({
      keyEnding: '0000',
      version: version + 2,
    })
  })

  test('keeps its key when nothing but the name is changed, and loses it to no other host', async () => {
    const { id } = await add()
    await run('update', { id, name: 'Renamed', baseUrl: 'https://api.openai.com/v2' })
    await expect(run('update', { id, baseUrl: 'https://thief.example/v1' })).rejects.toMatchObject({ code: 'invalid_input', details: { issues: [{ path: 'apiKey' }] } }) // prettier-ignore
    expect(await run('update', { id, baseUrl: 'https://other.example/v1', apiKey: key })).toMatchObject({ baseUrl: 'https://other.example/v1' }) // prettier-ignore
  })

  test('goes back to the vendor’s own address when its own is emptied', async () => {
    const { id } = await add({ baseUrl: 'https://api.openai.com/v2' })
    expect(await run('update', { id, baseUrl: null })).toMatchObject({ baseUrl: 'https://api.openai.com/v1' })
  })

  test('of Azure has an address of its own', async () => {
    await expect(add({ vendor: 'azure' })).rejects.toMatchObject({ code: 'invalid_input', details: { issues: [{ path: 'baseUrl' }] } }) // prettier-ignore
    expect(await add({ vendor: 'azure', baseUrl: 'https://nordlys.openai.azure.com', apiVersion: '2025-04-01-preview' })).toMatchObject({ apiVersion: '2025-04-01-preview' }) // prettier-ignore
  })

  test.each([
    { baseUrl: 'ftp://host/v1' },
    { baseUrl: 'https://me:secret@host/v1' },
    { baseUrl: 'https://host/v1?to=elsewhere' },
    { baseUrl: 'localhost' },
    { model: '../../admin' },
    { model: 'gpt 5' },
    { apiKey: 'two\nlines' },
    { apiKey: 'nøgle-med-ø' },
    { apiVersion: 'latest' },
  ])('is not made of %j', async (wrong) => {
    await expect(add(wrong)).rejects.toMatchObject({ code: 'invalid_input' })
  })

  test('beyond the twentieth is refused', async () => {
    for (let count = 0; count < 20; count++) await add()
    await expect(add()).rejects.toMatchObject({ code: 'agents_models_full', details: { most: 20 } })
  })
})

describe('the order of models', () => {
  const five = ['A', 'B', 'C', 'D', 'E']

  test.each([
    ['D', 1, 'DABCE'],
    ['A', 5, 'BCDEA'],
    ['B', 3, 'ACBDE'],
    ['E', 4, 'ABCED'],
    ['C', 3, 'ABCDE'],
    ['B', 20, 'ACDEB'],
  ])('has %s at place %i when it is put there', async (name, place, expected) => {
    const made = []
    for (const each of five) made.push(await add({ name: each }))
    await run('move', { id: made[five.indexOf(name)]!.id, place })
    expect(await names()).toEqual([...expected].map((each, index) => [each, index + 1]))
  })

  test('has no gap and no tie when several change it at once', async () => {
    const made = await Promise.all(five.map((name) => add({ name })))
    await Promise.all(made.map(({ id }, index) => run('move', { id, place: ((index * 3) % 5) + 1 })))
    expect((await names()).map(([, place]) => place)).toEqual([1, 2, 3, 4, 5])
  })
})

describe('the test of a model', () => {
  const tested = (id: string, locale: Locale = 'en') =>
    run<{ verdict: string; sentence: string }>('test', { id }, locale)
  const local = (change: object = {}) => add({ baseUrl: `${vendor.address}/v1`, ...change })

  test('is one tiny call with the kept key, and is kept with the model', async () => {
    vendor.requests.length = vendor.seen.length = 0
    const { id } = await local()
    expect(await tested(id)).toEqual({ id, verdict: 'answered', sentence: 'Ours answered.' })
    expect(vendor.requests.length).toBe(1)
    expect(JSON.stringify(vendor.requests[0]).length).toBeLessThan(600)
    expect(vendor.seen[0]?.headers.authorization).toBe(`Bearer ${key}`)
    expect(await run('get', { id })).toMatchObject({ checked: 'answered', version: 1 })
  })

  test.each([
    [
      'wrong_key',
      openaiRefusals.wrongKey,
      'Ours refused the key. Paste the key again.',
      'Ours afviste nøglen. Indsæt nøglen igen.',
    ],
    [
      'no_such_model',
      openaiRefusals.noModel,
      'Ours knows no model called gpt-5-mini. Correct the name.',
      'Ours kender ingen model ved navn gpt-5-mini. Ret navnet.',
    ],
    [
      'quota',
      openaiRefusals.quota,
      'Ours says that the account is used up.',
      'Ours siger, at kontoen er brugt op.',
    ],
    [
      'rate_limited',
      openaiRefusals.rateLimit,
      'Ours gets too many calls right now.',
      'Ours får for mange kald lige nu.',
    ],
    [
      'overloaded',
      openaiRefusals.overloaded,
      'Ours has trouble of its own right now.',
      'Ours har selv problemer lige nu.',
    ],
    [
      'no_tools',
      openaiRefusals.ollamaTools,
      'gpt-5-mini cannot call tools',
      'gpt-5-mini kan ikke kalde værktøjer',
    ],
    ['refused', openaiRefusals.badRequest, 'Ours did not understand the call.', 'Ours forstod ikke kaldet.'],
  ] as const)('says %s in one sentence', async (verdict, refusal, en, da) => {
    // prettier-ignore
    vendor.script = (): VendorAnswer => ({ refusal })
    const { id } = await local()
    vendor.requests.length = 0
    expect(await tested(id)).toMatchObject({ verdict, sentence: expect.stringContaining(en) })
    expect(vendor.requests.length).toBe(1)
    expect((await tested(id, 'da')).sentence).toContain(da)
    vendor.script = () => ({ words: ['OK'] })
  })

  test('of Gemini says a wrong key too', async () => {
    gemini.script = () => ({ refusal: geminiRefusals.wrongKey })
    const { id } = await add({ vendor: 'google', model: 'gemini-flash-latest', baseUrl: gemini.address })
    expect(await tested(id)).toMatchObject({ verdict: 'wrong_key' })
  })

  test('says when nobody listens, and when the operator has not opened for the host', async () => {
    const { id } = await add({ baseUrl: 'http://127.0.0.1:9/v1' })
    expect(await tested(id)).toMatchObject({ verdict: 'unreachable', sentence: '127.0.0.1 cannot be reached. Correct the address, and see that the service runs.' }) // prettier-ignore
    const inside = await add({ baseUrl: 'http://169.254.169.254/v1' })
    expect(await tested(inside.id)).toMatchObject({ verdict: 'not_allowed', sentence: expect.stringMatching(/^169\.254\.169\.254 is not called from here: .*\.$/) }) // prettier-ignore
  })

  test('keeps nobody from the database, however many vendors take their time', async () => {
    vendor.script = () => ({ hangs: true })
    const { id } = await local()
    const leaving = new AbortController()
    const caller = world.callerOf(tenant, { signal: leaving.signal })
    const operation = world.core.registry.find('agents.models.test')!
    vendor.seen.length = 0
    const running = Array.from({ length: 15 }, () =>
      world.core.invoke(operation, { id }, caller).catch((error: unknown) => error),
    )
    await expect.poll(() => vendor.seen.length).toBe(15)
    expect(await local()).toMatchObject({ checked: null })
    leaving.abort()
    await Promise.all(running)
    await expect.poll(() => vendor.seen.every(({ left }) => left)).toBe(true)
    vendor.script = () => ({ words: ['OK'] })
    expect(await tested(id)).toMatchObject({ verdict: 'answered' })
  })
})

test('every verdict is one sentence in both languages', () => {
  for (const verdict of verdicts)
    for (const text of Object.values(verdictSentences[verdict]))
      expect(text, verdict).toMatch(/^(\{refusal\}|.{10,}[.])$/)
})
