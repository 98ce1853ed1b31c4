import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Caller } from '#core'
import { shelf } from '#core/testing'
import { assistantWorld, type AssistantWorld } from '../testing/assistantWorld.ts'
import { openaiProtocol } from '../testing/openaiProtocol.ts'
import { startVendor, type VendorServer } from '../testing/vendorServer.ts'

describe('what people teach their agents', () => {
  let vendor: VendorServer
  let world: AssistantWorld
  let anna: Caller

  beforeAll(async () => {
    vendor = await startVendor(openaiProtocol)
    world = await assistantWorld([shelf], openaiProtocol.environment(vendor.address))
  })
  beforeEach(() => {
    anna = world.callerOf(randomUUID())
  })
  afterAll(async () => {
    await world.close()
    await vendor.close()
  })

  const call = async (name: string, input: object, caller = anna) =>
    (await world.core.invoke(world.core.registry.find(name)!, input, caller)).value as Record<string, unknown>
  const phrases = async (caller = anna) => (await call('agents.phrases.list', {}, caller))['items'] as { id: string; text: string; operation: string }[] // prettier-ignore
  /** A vendor's model that understands "plop" answers; the reply's id is what a thumb points to. */
  const plop = async (title: string): Promise<string> => {
    vendor.script = (request) =>
      openaiProtocol.results(request).length === 0
        ? { calls: [{ name: 'shelf_books_create', args: { title } }] }
        : { words: ['Done.'] }
    const { events } = await world.say(`plop ${title} onto the pile`, { caller: anna })
    return events.find((event) => event.type === 'reply')!.reply.id
  }
  /** The same words to the offline model, which is alone because the vendor says no. */
  const plopOffline = async (title: string, caller = anna) => {
    vendor.script = () => ({ refusal: { status: 400, body: '{"error":{"message":"no"}}' } })
    const { calls } = await world.say(`plop ${title} onto the pile`, { caller })
    return calls.filter(({ operation, status }) => operation === 'shelf.books.create' && status === 'done')
  }

  test('with a thumb up is a phrase that the offline model knows from the next turn on', async () => {
    expect(await plopOffline('Niels Lyhne')).toEqual([])
    await call('agents.feedback.create', { messageId: await plop('Niels Lyhne'), verdict: 'good' })
    expect(await phrases()).toMatchObject([
      { text: 'plop {title} onto the pile', operation: 'shelf.books.create' },
    ])
    const [made] = await plopOffline('Fru Marie Grubbe')
    expect(made).toMatchObject({ input: { title: 'Fru Marie Grubbe' } })
  })

  test('is never another company’s', async () => {
    await call('agents.feedback.create', { messageId: await plop('Niels Lyhne'), verdict: 'good' })
    const stranger = world.callerOf(randomUUID())
    expect(await phrases(stranger)).toEqual([])
    expect(await plopOffline('Niels Lyhne', stranger)).toEqual([])
  })

  test('is forgotten when an admin deletes it, or a thumb goes down', async () => {
    const messageId = await plop('Niels Lyhne')
    await call('agents.feedback.create', { messageId, verdict: 'good' })
    await call('agents.feedback.create', { messageId, verdict: 'bad' })
    expect(await phrases()).toEqual([])
    await call('agents.feedback.create', { messageId, verdict: 'good' })
    const [{ id } = { id: '' }] = await phrases()
    const refused = (await call('agents.phrases.delete', { id }).catch((error: unknown) => error)) as { details: { confirm: string } } // prettier-ignore
    await call('agents.phrases.delete', { id }, { ...anna, confirmation: refused.details.confirm })
    expect(await plopOffline('Fru Marie Grubbe')).toEqual([])
  })

  test('as a correction belongs to the operation that would have been right', async () => {
    const messageId = await plop('Niels Lyhne')
    await call('agents.feedback.create', { messageId, verdict: 'bad', operation: 'shelf.books.list' })
    expect(await phrases()).toMatchObject([{ operation: 'shelf.books.list', source: 'corrected' }])
  })

  test('leaves as an evaluation set', async () => {
    await call('agents.feedback.create', { messageId: await plop('Niels Lyhne'), verdict: 'good' })
    const { content } = await call('agents.phrases.export', { locale: 'en' })
    expect(JSON.parse(content as string)).toEqual({
      calls: [
        {
          say: 'plop Niels Lyhne onto the pile',
          operation: 'shelf.books.create',
          input: { title: 'Niels Lyhne' },
        },
      ],
      outside: [],
      conversations: [],
    })
  })

  test('comes from one’s own answers alone', async () => {
    const messageId = await plop('Niels Lyhne')
    const mikkel = world.callerOf(anna.tenant.id, {
      actor: { kind: 'person', id: randomUUID(), name: 'Mikkel' },
    })
    await expect(call('agents.feedback.create', { messageId, verdict: 'good' }, mikkel)).rejects.toMatchObject({ code: 'not_found' }) // prettier-ignore
  })

  test('is read again by who said it, by who looks after the agents, and by no colleague', async () => {
    const { conversation } = await world.say('hello', { caller: anna })
    const { events } = await world.say('hello again', { caller: anna, conversation })
    const messageId = events.find((event) => event.type === 'reply')!.reply.id
    await call('agents.feedback.create', { messageId, verdict: 'good' })
    const as = (id: string, ...permissions: string[]) =>
      world.callerOf(anna.tenant.id, {
        actor: { kind: 'person', id, name: 'Mikkel' },
        permissions: new Set(['agents.feedback:read', ...permissions]),
      })
    const read = async (caller: Caller) => (await call('agents.feedback.list', { conversationId: conversation }, caller))['items'] // prettier-ignore
    const verdict = [{ messageId, verdict: 'good' }]
    expect(await read(as((anna.actor as { id: string }).id))).toMatchObject(verdict)
    expect(await read(as(randomUUID(), 'agents.phrases:read'))).toMatchObject(verdict)
    expect(await read(as(randomUUID()))).toEqual([])
  })
})
