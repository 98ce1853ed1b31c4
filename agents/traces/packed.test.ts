import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AgentTurn, CallRecord } from '#core'
import { leanTrace } from './lean.ts'
import { dictionaries, packed, unpacked } from './packed.ts'
import type { TraceRecorder } from './recorder.ts'
import type { Step } from './trace.ts'
import { wholeTrace } from './whole.ts'

const turn = {
  text: 'hello',
  message: '01a20190-8ca9-74af-a713-0257bd3a6627',
  conversation: '01a20190-8ca9-74af-a713-000000000000',
  now: new Date('2026-11-22T04:29:22.137Z'),
  operations: ['a_list', 'a_get', 'b_list'].map((tool) => ({ tool })),
} as unknown as AgentTurn

const words = fc.oneof(
  fc.constantFrom('', turn.now.toISOString(), 'x'.repeat(400)),
  fc.string({ unit: 'binary' }),
)
const id = fc.constantFrom('call_1', 'call_2', 'elsewhere')
const number = fc.nat(1_000_000)
const step = fc.record<Step>({
  provider: fc.constantFrom('openai', 'google', 'unknown'),
  model: fc.constantFrom('gpt', 'own/model'),
  told: fc.array(
    fc.record({ role: fc.constantFrom('person', 'agent', 'tool'), text: words, calls: fc.array(id) }),
  ),
  tools: fc.array(fc.constantFrom('a_list', 'a_get', 'b_list', 'find_tools')),
  answer: words,
  calls: fc.array(id),
  inputTokens: number,
  outputTokens: number,
  atMs: number,
  firstTokenMs: fc.option(number),
  totalMs: number,
  error: fc.option(words),
})
const prompt = words.map((text) => ({ role: 'system' as const, text, calls: [] }))
const turns = fc.record({
  steps: fc
    .tuple(prompt, fc.array(step))
    .map(([first, [opening, ...more]]) =>
      opening ? [{ ...opening, told: [first, ...opening.told] }, ...more] : [],
    ),
  calls: fc.subarray(['call_1', 'call_2']).map((ids) =>
    ids.map((each): CallRecord => ({
      id: each,
      operation: 'a.b.get',
      title: 'Get',
      input: {},
      status: 'done',
    })),
  ),
  reply: words,
  isReplyKept: fc.boolean(),
})

test('a trace is read again as it was, whatever a turn was like', () => {
  fc.assert(
    fc.property(turns, ({ steps, calls, reply, isReplyKept }) => {
      const recorder = { steps, timeOf: () => ({ atMs: 3, totalMs: 4 }) } as unknown as TraceRecorder
      const { trace, texts } = leanTrace({ turn, recorder, calls, reply, isReplyKept, status: 'done' })
      const whole = wholeTrace(unpacked(packed(trace)), {
        startedAt: turn.now.toISOString(),
        models: steps.map(({ provider, model }) => `${provider}/${model}`),
        messageId: turn.message,
        reply: isReplyKept ? reply : 'Broken off.',
        replyCalls: isReplyKept ? [...calls] : [],
        texts: Object.fromEntries(texts.map(({ hash, text }) => [hash, text])),
        messages: [],
      })
      const made = calls.map((call) => ({ ...call, atMs: 3, totalMs: 4 }))
      expect(whole).toEqual({ reply, steps, made })
    }),
  )
})

test('messages that were told up to one before the turn’s own are read up to that one', () => {
  const id = (end: string) => `01a20190-8ca9-7000-8000-00000000000${end}`
  const messages = ['1', '2', '3'].map((end) => ({ id: id(end), role: 'person' as const, text: end }))
  const told = [{ role: 'person' as const, text: '', calls: [], from: id('1'), to: id('2') }]
  const step = { provider: 'openai', model: 'gpt', told, tools: [], answer: '', calls: [], inputTokens: 0, outputTokens: 0, atMs: 0, firstTokenMs: null, totalMs: 0, error: null } // prettier-ignore
  const recorder = { steps: [step], timeOf: () => ({}) } as unknown as TraceRecorder
  const { trace } = leanTrace({ turn, recorder, calls: [], reply: '', isReplyKept: true, status: 'done' })
  const beside = { startedAt: turn.now.toISOString(), models: ['openai/gpt'], messageId: turn.message, reply: '', replyCalls: [], texts: {}, messages } // prettier-ignore
  expect(wholeTrace(trace, beside).steps[0]!.told.map(({ text }) => text)).toEqual(['1', '2'])
})

test('a dictionary that traces were packed with stays as it is', () => {
  const hashes = dictionaries.map((text) => createHash('sha256').update(text).digest('hex').slice(0, 16))
  expect(hashes).toEqual(['8b55dee5e899c01b'])
})

test('a trace of a later version is refused with a sentence', () => {
  expect(() => unpacked(Buffer.of(200, 0))).toThrow('later version')
})
