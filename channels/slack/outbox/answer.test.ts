import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { CallRecord } from '#core'
import type { TestCore } from '#core/testing'
import type { Message } from '../fake/state.ts'
import { createOutgoing } from './createOutgoing.ts'
import type { Place } from './outgoing.ts'
import { outboxGround, outboxWorld, type OutboxWorld } from './testWorld.ts'

let ground: TestCore
let world: OutboxWorld
let question: Message
let place: Place
beforeAll(async () => void (ground = await outboxGround()))
afterAll(() => ground.close())
afterEach(() => world.close())

async function ask(): Promise<void> {
  world = await outboxWorld(ground)
  question = slack().mention('anna', 'general', 'hvem er vores kunder?')
  place = world.placeOf(question)
}

const slack = () => world.fake.slack
const answers = () => slack().messages('general').filter(({ botId }) => botId) // prettier-ignore
const markdown = ({ blocks }: Message) =>
  blocks.flatMap((block) => (block.type === 'markdown' ? [String(block['text'])] : [])).join('')
const said = () => answers().map(markdown)
const feedback = [{ type: 'divider' }] as const
const isStreaming = () => answers()[0]?.stream?.state === 'in_progress'
const task = (change: Partial<CallRecord> = {}): CallRecord => ({
  id: 'call_1', operation: 'demo.customers.list', title: 'Find kunder', input: { secret: 1 }, status: 'running', ...change,
}) // prettier-ignore

describe('an answer in a thread', () => {
  test('grows as it is made, calls nobody on the way, and bears its blocks at the end', async () => {
    await ask()
    const answer = await world.out.answer(place, 'a')
    answer.text('Vi har <!chan')
    answer.text('nel> to ')
    await world.until(isStreaming)
    answer.text('kunder.')
    await world.until(() => said()[0]!.includes('kunder'))
    const { ts } = await world.passing(answer.finish('Vi har <!channel> to kunder.', { blocks: feedback }))
    expect(answers()).toMatchObject([{ ts, stream: { state: 'completed' }, threadTs: question.ts }])
    expect(answers()[0]!.blocks.map(({ type }) => type)).toEqual(['markdown', 'divider'])
    expect(said()[0]!.replaceAll('\u200B', '·')).toBe('Vi har <·!channel> to kunder.')
    expect(slack().session(question)?.status).toBe('active')
    expect(await world.rows()).toMatchObject([{ kind: 'answer', state: 'sent' }])
  })

  test('shows what is being done and then what was done, in words', async () => {
    await ask()
    const answer = await world.out.answer(place, 'a')
    answer.task(task())
    await world.until(isStreaming)
    expect(answers()[0]!.blocks).toMatchObject([{ title: 'Find kunder', status: 'in_progress' }])
    answer.task(task({ status: 'done', summary: 'Fandt 2 kunder.' }))
    await world.passing(answer.finish('To kunder.'))
    expect(answers()[0]!.blocks).toMatchObject([{ title: 'Fandt 2 kunder.', status: 'complete' }, { text: 'To kunder.' }]) // prettier-ignore
    expect(JSON.stringify(slack().calls())).not.toContain('secret')
  })

  test('that is long goes on in further messages before Slack cuts it off', async () => {
    await ask()
    const whole = `Kode:\n\n\`\`\`ts\n${'const kunde = 1\n'.repeat(1_500)}\`\`\`\nSlut.`
    const answer = await world.out.answer(place, 'a')
    for (let at = 0; at < whole.length; at += 2_000) {
      answer.text(whole.slice(at, at + 2_000))
      await world.until(isStreaming)
    }
    await world.passing(answer.finish(whole))
    expect(said().length).toBeGreaterThan(1)
    for (const text of said()) expect((text.match(/^```/gm) ?? []).length % 2).toBe(0)
    expect(
      said()
        .join('')
        .match(/const kunde/g),
    ).toHaveLength(1_500)
    expect(slack().calls().filter(({ answer: told }) => told?.['error'] === 'msg_too_long')).toEqual([]) // prettier-ignore
  })

  test('finally says what it is, whatever was said on the way', async () => {
    await ask()
    const answer = await world.out.answer(place, 'a')
    answer.text('Vi har tre kunder. ')
    await world.until(isStreaming)
    answer.replace('Vi har to ')
    await world.passing(answer.finish('Vi har to kunder.', { blocks: feedback }))
    expect(said()).toEqual(['Vi har to kunder.'])
    expect(answers()[0]!.blocks.at(-1)).toMatchObject({ type: 'divider' })
  })

  test('leaves the session waiting where a person has to say yes', async () => {
    await ask()
    const answer = await world.out.answer(place, 'a')
    await world.passing(answer.finish('Må jeg?', { waiting: true }))
    await world.until(() => slack().session(question)?.status === 'suspended')
  })

  test('comes whole, under a status, when there is no turn to stream it', async () => {
    await ask()
    slack().failNext('chat.startStream', '429')
    const answer = await world.out.answer(place, 'a')
    answer.text('Vi har to kunder. ')
    await world.until(() => slack().session(question)?.status === 'processing')
    await world.passing(answer.finish('Vi har to kunder.'))
    expect(said()).toEqual(['Vi har to kunder.'])
    expect(slack().session(question)?.status).toBe('active')
  })

  test('is said once each when thirty are made at once', async () => {
    await ask()
    const made = Array.from({ length: 30 }, async (_, index) => {
      const answer = await world.out.answer(place, `a${index}`)
      answer.text(`Svar ${index} er `)
      return answer.finish(`Svar ${index} er her.`)
    })
    await world.passing(Promise.all(made))
    expect(said().toSorted()).toEqual(Array.from({ length: 30 }, (_, index) => `Svar ${index} er her.`).toSorted()) // prettier-ignore
    expect(slack().calls('chat.startStream').length).toBeLessThanOrEqual(20)
  })

  test('that was made already is not made again', async () => {
    await ask()
    const first = await world.passing((await world.out.answer(place, 'a')).finish('Vi har to.'))
    const again = await world.out.answer(place, 'a')
    again.text('Vi har tre. ')
    expect(await again.finish('Vi har tre.')).toEqual(first)
    expect(said()).toEqual(['Vi har to.'])
  })
})

describe('when a stream goes wrong', () => {
  test('and dies, its message still becomes the whole answer', async () => {
    await ask()
    const answer = await world.out.answer(place, 'a')
    answer.text('Vi har ')
    await world.until(isStreaming)
    await slack().clock.advance(5 * 60_000)
    answer.text('to ')
    await world.passing(answer.finish('Vi har to kunder.', { blocks: feedback }))
    expect(said()).toEqual(['Vi har to kunder.'])
    expect(answers()[0]!.blocks.at(-1)).toMatchObject({ type: 'divider' })
  })

  test.each(['chat.startStream', 'chat.appendStream', 'chat.stopStream'])(
    'and nobody knows whether %s came through, it is said once',
    async (method) => {
      await ask()
      slack().failNext(method, '500')
      const answer = await world.out.answer(place, 'a')
      answer.text('Vi har ')
      await world.until(() => slack().calls('chat.startStream').length > 0)
      answer.text('to ')
      if (method === 'chat.appendStream') await world.until(() => slack().calls(method).length > 0)
      await world.passing(answer.finish('Vi har to kunder.'))
      expect(said()).toEqual(['Vi har to kunder.'])
    },
  )

  test('and the person presses Stop, it ends with one sentence, and nothing spins', async () => {
    await ask()
    const answer = await world.out.answer(place, 'a')
    answer.text('Vi har ')
    answer.task(task())
    await world.until(isStreaming)
    slack().stop('anna', question)
    answer.text('to kunder og ')
    await world.passing(answer.end('Stoppet.'))
    expect(said()).toHaveLength(1)
    expect(said()[0]).toMatch(/_Stoppet\._$/)
    expect(JSON.stringify(answers()[0]!.blocks)).not.toContain('in_progress')
    expect(slack().session(question)?.status).toBe('active')
  })

  test('and its process is gone, the next one makes its message the answer', async () => {
    await ask()
    const answer = await world.out.answer(place, 'a')
    answer.text('Vi har ')
    await world.until(isStreaming)
    const next = createOutgoing({ core: world.core, api: world.api, timer: slack().clock })
    const resumed = await next.answer(place, 'a')
    resumed.text('Vi har nu ')
    await world.passing(resumed.finish('Vi har nu to.'))
    expect(said()).toEqual(['Vi har nu to.'])
    await answer.finish('Vi har').catch(() => undefined)
    expect(said()).toEqual(['Vi har nu to.'])
    await next.close()
  })
})
