import { HumanMessage, type AIMessageChunk } from '@langchain/core/messages'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { company } from './evaluation/company.ts'

const { model, tools } = company()
const bound = model.bindTools(tools)

async function chunksOf(text: string): Promise<AIMessageChunk[]> {
  const chunks: AIMessageChunk[] = []
  for await (const chunk of await bound.stream([new HumanMessage(text)])) chunks.push(chunk as AIMessageChunk)
  return chunks
}

test('streams an answer word by word, the same as it answers at once', async () => {
  const chunks = await chunksOf('hvad kan du?')
  const whole = await bound.invoke([new HumanMessage('hvad kan du?')])
  expect(chunks.length).toBeGreaterThan(10)
  expect(chunks.map((chunk) => chunk.text).join('')).toBe(whole.text)
})

test('streams a call with its arguments', async () => {
  const [first, ...rest] = await chunksOf('vis åbne aftaler')
  const whole = rest.reduce((sum, chunk) => sum.concat(chunk), first as AIMessageChunk)
  expect(whole.tool_calls).toEqual([
    expect.objectContaining({ name: 'crm_deals_list', args: { status: 'open' } }),
  ])
})

test('gives every call an id of its own', async () => {
  const ask = async (): Promise<string | undefined> =>
    (await bound.invoke([new HumanMessage('vis åbne aftaler')])).tool_calls?.[0]?.id
  expect(await ask()).not.toBe(await ask())
})

test('estimates the tokens it read and wrote', async () => {
  const { usage_metadata: usage } = await bound.invoke([new HumanMessage('hej')])
  expect(usage).toMatchObject({ input_tokens: 1, output_tokens: expect.any(Number) })
})

test('calls nothing when no tool is bound', async () => {
  const answer = await model.invoke([new HumanMessage('vis åbne aftaler')])
  expect(answer.tool_calls).toEqual([])
  expect(answer.text).toContain('Det har jeg ikke adgang til')
})

test('answers any text, and answers or calls but never both', async () => {
  const words = fc.constantFrom(
    'opret',
    'flyt',
    'til',
    'hos',
    '"',
    '{id}',
    ',',
    ':',
    '12.500',
    'kr',
    'på',
    'fredag',
    'den',
    'Bente',
    '\n',
    'a@b.c',
  )
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.array(words, { maxLength: 30 }).map((all) => all.join(' ')),
  )
  await fc.assert(
    fc.asyncProperty(text, async (said) => {
      const { text: answer, tool_calls: calls = [] } = await bound.invoke([new HumanMessage(said)])
      expect(answer !== '').toBe(calls.length === 0)
    }),
    { numRuns: 300 },
  )
})

test('keeps the whole of a long note and answers a text of a million characters', async () => {
  const body = `${'hun vil ringes op. '.repeat(200)}slut`
  const note = await bound.invoke([new HumanMessage(`notér at ${body}`)])
  expect(note.tool_calls?.[0]?.args['body']).toBe(body)
  const answer = await bound.invoke([new HumanMessage('opret en kontakt og flyt den, '.repeat(33_000))])
  expect(answer.text.length + (answer.tool_calls?.length ?? 0)).toBeGreaterThan(0)
})
