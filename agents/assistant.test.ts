import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  createConversations,
  createIdentity,
  furnishDemo,
  type Authenticated,
  type Conversations,
  type Identity,
  type TurnEvent,
} from '#core'
import { testCore, type TestCore } from '#core/testing'
import { plugins as domains } from '#plugins'
import { agentsPlugin, createAgentRunner } from './index.ts'

const plugins = [agentsPlugin, ...domains]

/** The main job, on the demo companies and with the offline model: no key, no network. */
describe('the assistant at work', () => {
  let world: TestCore
  let identity: Identity
  let conversations: Conversations
  let mikkel: Authenticated
  let sofie: Authenticated

  beforeAll(async () => {
    world = await testCore(plugins)
    identity = createIdentity(world.core)
    await furnishDemo(world.core, identity, 'a demo password', () => undefined)
    const agent = createAgentRunner({ core: world.core })
    conversations = createConversations({ core: world.core, agent })
    mikkel = await signedIn('mikkel@nordlys.example')
    sofie = await signedIn('sofie@fjordit.example')
  })
  afterAll(async () => {
    await identity.close()
    await world.close()
  })

  async function signedIn(email: string): Promise<Authenticated> {
    const { person, tenant } = await identity.signIn({
      email,
      password: 'a demo password',
      address: '127.0.0.1',
      userAgent: 'test',
    })
    return identity.accessOf(tenant.id, person.id)
  }

  const ask = async (who: Authenticated, locale: 'da' | 'en', text: string, conversation?: string) => {
    const inbound = {
      caller: who,
      text,
      locale,
      surface: 'chat',
      requestId: 'test-request',
      ...(conversation && { conversation }),
    } as const
    let answer: Extract<TurnEvent, { type: 'reply' }> | undefined
    // To its end: what is kept of a turn is kept after its reply.
    for await (const event of conversations.handle(inbound)) {
      if (event.type === 'error') throw event.fault
      if (event.type === 'reply') answer = event
    }
    if (!answer) throw new Error('There was no reply.')
    return { text: answer.reply.text, calls: answer.calls, conversation: answer.conversation }
  }
  const done = (calls: readonly { operation: string; status: string }[]) =>
    calls.filter(({ status }) => status === 'done').map(({ operation }) => operation)

  for (const [locale, [customers, create, move], name] of [
    [
      'da',
      [
        'Hvilke kunder har vi ikke talt med i over en måned?',
        'Opret Bente Skov hos Havneby Tandklinik, bente@havneby.example',
        'flyt Havneby-aftalen til tilbud sendt',
      ],
      'Bente Skov',
    ],
    [
      'en',
      [
        'Which customers haven’t we talked to in over a month?',
        'Create Ben Wood at Havneby Tandklinik, ben@havneby.example',
        'move the Havneby deal to proposal sent',
      ],
      'Ben Wood',
    ],
  ] as const) {
    test(`does the three things of a first day, asked in ${locale === 'da' ? 'Danish' : 'English'}`, async () => {
      const listed = await ask(mikkel, locale, customers)
      expect(done(listed.calls)).toEqual(['crm.companies.list'])
      expect(listed.text).toContain('| --- |')
      const created = await ask(mikkel, locale, create, listed.conversation)
      expect(done(created.calls)).toContain('crm.contacts.create')
      expect(created.text).toContain(name)
      const moved = await ask(mikkel, locale, move, listed.conversation)
      expect(done(moved.calls)).toContain('crm.deals.move')
      expect(moved.text).toContain('Tilbud sendt')
      const { rows } = await world.admin.query('SELECT tenant_id FROM crm.contacts WHERE name = $1', [name])
      expect(rows).toEqual([{ tenant_id: mikkel.tenant.id }])
    })
  }

  test('finds nothing of it for the other company', async () => {
    for (const text of ['find Havneby Tandklinik', 'find Sofie Lund', 'vis aftalen med Havneby']) {
      const { text: answer, calls } = await ask(sofie, 'da', text)
      expect(JSON.stringify([answer, calls.map(({ output }) => output)])).not.toMatch(
        /Havneby Tandklinik.{0,40}id|sofie@havneby|daglig rengøring/,
      )
      for (const { output } of calls) expect((output as { items?: unknown[] }).items ?? []).toEqual([])
    }
  })

  test('does not delete for anybody: it says what would be gone, and who can do it', async () => {
    const { text, calls } = await ask(mikkel, 'da', 'slet Peter Holm')
    expect(done(calls)).not.toContain('crm.contacts.delete')
    expect(calls.at(-1)).toMatchObject({
      operation: 'crm.contacts.delete',
      status: 'waiting',
      error: { code: 'approval_required' },
    })
    expect(text).toContain('Det skal et menneske godkende først')
  })
})
