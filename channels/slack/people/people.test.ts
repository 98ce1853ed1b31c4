import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { codeOf, startSlackWorld, type SlackWorld } from '../testing/slackWorld.ts'
import type { Person } from './person.ts'

let world: SlackWorld
const heard: { text: string; person: Person | undefined }[] = []
const pressed: string[] = []
/** What the next one to say it says in vain: it is heard again. */
let failing: string | undefined
async function hear(text: string, person: Person): Promise<void> {
  heard.push({ text, person })
  if (failing === undefined || !text.includes(failing)) return
  failing = undefined
  await ungreet()
  throw new Error('This listener fails.')
}
/** As if the last greeting were long ago. */
const ungreet = () => world.admin.query('UPDATE slack.people SET greeted_at = NULL')
/** Events that nobody has come through with yet. */
const heardInVain = async () =>
  Number((await world.admin.query(`SELECT count(*) FROM slack.inbox WHERE done_at IS NULL AND worker IS NULL AND attempts > 0`)).rows[0].count) // prettier-ignore

beforeAll(async () => {
  world = await startSlackWorld({
    limits: false,
    listen: (app) => {
      app.event('message', async ({ event, context }) => {
        if (event.subtype === undefined) await hear(event.text ?? '', context['person'] as Person)
      })
      app.event('app_mention', async ({ event, context }) => hear(event.text, context['person'] as Person))
      app.shortcut('ask_message', async ({ ack, body }) => {
        pressed.push(body.user.id)
        await ack()
      })
    },
  })
  await world.connect()
  for (const channel of ['general', 'kunder', 'havneby-tandklinik']) world.slack.invite(channel)
  await world.settled()
})
afterAll(() => world.close())
beforeEach(async () => {
  heard.length = 0
  await ungreet()
})

const user = (name: string): string => world.slack.workspace.user(name).id
/** What the bot has said to somebody alone in a channel. */
const told = (name: string, channel: string): string[] =>
  world.slack.messages(channel).filter(({ onlyFor }) => onlyFor === user(name)).map(({ text }) => text) // prettier-ignore
const linkIn = (text: string): string => /\/slack\/link#([\w-]+)\|/.exec(text)?.[1] ?? 'no link'

async function greetedLink(name: string): Promise<string> {
  await ungreet()
  world.slack.mention(name, 'general', 'hej')
  await world.settled()
  return linkIn(told(name, 'general').at(-1) ?? '')
}

describe('somebody of whom nothing is known', () => {
  test('is greeted with a link that they alone see, once, and gets nothing else', async () => {
    world.slack.mention('mikkel', 'general', 'hvilke kunder har vi?')
    world.slack.mention('mikkel', 'general', 'hallo?')
    await world.settled()
    expect(told('mikkel', 'general')).toHaveLength(1)
    expect(told('mikkel', 'general')[0]).toMatch(/sig, at det er dig[\s\S]*say that it is you/)
    expect(heard.map(({ person }) => person)).toMatchObject([
      { standing: 'unlinked', employee: null },
      { standing: 'unlinked', employee: null },
    ])
  })

  test('is greeted once for an event, however often it is heard', async () => {
    const before = told('mikkel', 'general').length
    failing = 'er der nogen?'
    world.slack.mention('mikkel', 'general', 'er der nogen?')
    await expect.poll(() => heard.length).toBe(2)
    await world.settled()
    expect(told('mikkel', 'general')).toHaveLength(before + 1)
  })

  test('is greeted by who hears the event next, where nobody came to keep the greeting', async () => {
    const before = told('mikkel', 'general').length
    await world.admin.query('ALTER TABLE slack.outbox ADD CONSTRAINT broken CHECK (false) NOT VALID')
    world.slack.mention('mikkel', 'general', 'er der slet ingen?')
    await expect.poll(heardInVain).toBe(1)
    await world.admin.query('ALTER TABLE slack.outbox DROP CONSTRAINT broken')
    await expect.poll(() => told('mikkel', 'general').length).toBe(before + 1)
    await world.settled()
  })

  test('is not spoken to where they speak to others', async () => {
    world.slack.say('anna', 'general', 'god morgen')
    await world.settled()
    expect(told('anna', 'general')).toEqual([])
    expect(heard).toHaveLength(1)
  })

  test('has buttons and shortcuts that reach nobody', async () => {
    const message = world.slack.say('anna', 'general', 'hvad betyder det?')
    await world.slack.shortcut('mikkel', 'ask_message', message)
    expect(pressed).toEqual([])
  })
})

describe('a one-time link', () => {
  test('makes the employee who opens it the one in Slack, and is used up by that', async () => {
    const link = await greetedLink('mikkel')
    expect(await world.call('slack.links.open', { link })).toMatchObject({
      name: 'Mikkel Brandt',
      workspaceName: 'Nordlys',
    })
    await world.call('slack.links.confirm', { link })
    expect(await codeOf(world.call('slack.links.confirm', { link }))).toBe('slack_link_over')
    heard.length = 0
    world.slack.mention('mikkel', 'general', 'og nu?')
    await world.settled()
    const employee = (world.callerOf(world.tenant).actor as { id: string }).id
    expect(heard).toMatchObject([{ person: { standing: 'linked', employee } }])
    await world.slack.shortcut('mikkel', 'ask_message', world.slack.messages('general')[0]!)
    expect(pressed).toEqual([user('mikkel')])
  })

  test('is no good to another company, after its time, once a newer one was sent, or when it was made up', async () => {
    const before = await greetedLink('anna')
    const link = await greetedLink('anna')
    expect(await codeOf(world.call('slack.links.confirm', { link: before }))).toBe('slack_link_over')
    expect(await codeOf(world.call('slack.links.confirm', { link }, randomUUID()))).toBe('slack_link_over')
    expect(await codeOf(world.call('slack.links.confirm', { link: 'made-up' }))).toBe('slack_link_over')
    await world.admin.query(`UPDATE slack.links SET expires_at = now() - interval '1 second'`)
    expect(await codeOf(world.call('slack.links.confirm', { link }))).toBe('slack_link_over')
  })

  test('is good only to the employee whose email they have in Slack, where there is one', async () => {
    const { email = '' } = world.slack.workspace.user('mikkel')
    const own = randomUUID()
    await world.admin.query(`INSERT INTO platform.tenants (tenant_id, name) VALUES ($1, 'Nordlys') ON CONFLICT DO NOTHING`, [world.tenant]) // prettier-ignore
    await world.admin.query(`INSERT INTO platform.people (id, name, email, password_hash) VALUES ($1, 'Mikkel', $2, '-')`, [own, email]) // prettier-ignore
    await world.admin.query(`INSERT INTO platform.memberships (tenant_id, person_id, email, role) VALUES ($1, $2, $3, 'employee')`, [world.tenant, own, email]) // prettier-ignore
    await world.admin.query(`UPDATE slack.people SET employee_id = NULL, linked_at = NULL, checked_at = now() - interval '13 hours'`) // prettier-ignore
    const link = await greetedLink('mikkel')
    const mikkel = { actor: { kind: 'person', id: own, name: 'Mikkel' } as const }
    expect(await codeOf(world.call('slack.links.open', { link }))).toBe('slack_link_over')
    expect(await codeOf(world.call('slack.links.confirm', { link }))).toBe('slack_link_over')
    expect(await codeOf(world.call('slack.links.confirm', { link }, world.tenant, mikkel))).toBe('done')
    await world.admin.query(`DELETE FROM platform.memberships WHERE person_id = $1`, [own])
    await world.admin.query(`UPDATE slack.people SET proposed_id = NULL`)
  })

  test('is opened by people alone: no agent says who somebody is', async () => {
    const link = await greetedLink('anna')
    const agent = { actor: { kind: 'agent', id: 'a', name: 'A', personId: randomUUID() } as const }
    expect(await codeOf(world.call('slack.links.confirm', { link }, world.tenant, agent))).toBe(
      'person_required',
    )
  })

  test('leads to a page that asks with the secret behind the #, which no server is sent', async () => {
    const page = await world.app.inject({ url: '/slack/link', headers: { 'accept-language': 'en' } })
    expect(page.body).toContain('Is that you in Slack?')
    expect((await world.app.inject({ url: '/slack/link.js' })).headers['content-type']).toContain(
      'javascript',
    )
  })
})

describe('an employee', () => {
  test('who has left the company is none in Slack either', async () => {
    const link = await greetedLink('anna')
    const leaver = { actor: { kind: 'person', id: randomUUID(), name: 'Anna' } as const }
    await world.call('slack.links.confirm', { link }, world.tenant, leaver)
    world.changed.set(leaver.actor.id, null)
    heard.length = 0
    world.slack.mention('anna', 'general', 'er jeg her endnu?')
    await world.settled()
    expect(heard).toMatchObject([{ person: { standing: 'unlinked', employee: null } }])
  })

  test('is unlinked by an admin', async () => {
    const { items } = await world.call<{
      items: { id: string; slackUser: string; employeeId: string | null }[]
    }>('slack.people.list', {})
    const anna = items.find(({ slackUser }) => slackUser === user('anna'))!
    expect(anna.employeeId).not.toBeNull()
    expect(await world.call('slack.people.unlink', { id: anna.id })).toMatchObject({ employeeId: null })
  })
})

describe('whoever is no employee', () => {
  test('is not the app itself, which stands nowhere among people', async () => {
    const bot = world.slack.workspace.user('tekup').id
    const { items } = await world.call<{ items: { slackUser: string }[] }>('slack.people.list', {})
    expect(items.map(({ slackUser }) => slackUser)).not.toContain(bot)
  })

  test('is refused politely as a guest', async () => {
    world.slack.mention('gitte', 'kunder', 'hvad tjener I?')
    await world.settled()
    expect(told('gitte', 'kunder')).toMatchObject([expect.stringMatching(/gæst[\s\S]*guest/)])
    expect(heard).toMatchObject([{ person: { standing: 'guest', employee: null } }])
  })

  test('is refused politely as somebody of another company in a shared channel', async () => {
    world.slack.mention('karen', 'havneby-tandklinik', 'hvad tjener I?')
    await world.settled()
    expect(told('karen', 'havneby-tandklinik')).toMatchObject([
      expect.stringMatching(/fra en anden[\s\S]*from another/),
    ])
    expect(heard).toMatchObject([{ person: { standing: 'stranger', employee: null } }])
  })

  test('is a stranger where Slack says nothing of them', async () => {
    await world.admin.query(`DELETE FROM slack.people WHERE slack_user = $1`, [user('karen')])
    world.slack.failNext('users.info', 'user_not_found')
    world.slack.mention('karen', 'havneby-tandklinik', 'hvem er jeg?')
    await world.settled()
    expect(heard).toMatchObject([{ person: { standing: 'stranger', employee: null } }])
  })

  test('becomes nobody’s employee when Slack says that they are a guest now', async () => {
    const link = await greetedLink('mikkel')
    await world.call('slack.links.confirm', { link }).catch(() => undefined)
    ;(world.slack.workspace.user('mikkel') as { kind: string }).kind = 'guest'
    await world.admin.query(`UPDATE slack.people SET checked_at = now() - interval '13 hours'`)
    heard.length = 0
    world.slack.mention('mikkel', 'general', 'må jeg stadig?')
    await world.settled()
    expect(heard).toMatchObject([{ person: { standing: 'guest', employee: null } }])
    ;(world.slack.workspace.user('mikkel') as { kind: string }).kind = 'member'
  })
})
