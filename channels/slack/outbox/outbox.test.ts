import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { TestCore } from '#core/testing'
import { createOutgoing } from './createOutgoing.ts'
import { outboxGround, outboxWorld, type OutboxWorld } from './testWorld.ts'

let ground: TestCore
let world: OutboxWorld
beforeAll(async () => void (ground = await outboxGround()))
afterAll(() => ground.close())
const begin = async (): Promise<void> => void (world = await outboxWorld(ground))
afterEach(() => world.close())

const slack = () => world.fake.slack
const texts = (channel = 'general') => slack().messages(channel).filter(({ botId }) => botId).map(({ text }) => text) // prettier-ignore
const countOf = (method: string) => slack().calls(method).length

describe('a post', () => {
  test('is kept, sent once, and settled', async () => {
    await begin()
    const question = slack().mention('anna', 'general', 'hej')
    const place = world.placeOf(question)
    const { ts } = await world.out.post(place, { text: 'Hej **Anna**' }, 'a')
    expect(slack().messages('general').at(-1)).toMatchObject({
      ts,
      threadTs: question.ts,
      text: 'Hej Anna',
      blocks: [{ type: 'markdown', text: 'Hej **Anna**' }],
    })
    expect(slack().calls('chat.postMessage')[0]?.arguments).toMatchObject({
      unfurl_links: 'false',
      unfurl_media: 'false',
    })
    expect(await world.out.post(place, { text: 'Hej igen' }, 'a')).toEqual({ ts })
    expect(countOf('chat.postMessage')).toBe(1)
    expect(await world.rows()).toEqual([{ kind: 'post', state: 'sent', error: null }])
  })

  test('calls nobody and loads no image', async () => {
    await begin()
    const text = 'Hej <!channel> og <@U0MIKKEL> ![a](https://x.example/a.png)'
    await world.out.post(world.general(), { text }, 'a')
    expect(JSON.stringify(slack().messages('general').at(-1)!.blocks)).not.toMatch(/<!|<@|!\[/)
  })

  test('with blocks shows those, and its text in notifications', async () => {
    await begin()
    const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: 'Godkend?' } }] as const
    await world.out.post(world.general(), { text: 'Godkend?', blocks }, 'a')
    expect(slack().messages('general').at(-1)!.blocks).toMatchObject([blocks[0]])
  })

  test('that is long becomes several messages in order, with its table as a file beside them', async () => {
    await begin()
    const rows = Array.from({ length: 40 }, (_, row) => `| Kunde ${row} | ${row} |\n`).join('')
    const text = `${'Et afsnit.\n\n'.repeat(1_200)}| Kunde | Beløb |\n|---|---|\n${rows}`
    const question = slack().mention('anna', 'general', 'alle?')
    const { ts } = await world.passing(world.out.post(world.placeOf(question), { text }, 'a'))
    const posted = slack().messages('general').filter((one) => one.threadTs === question.ts)
    expect(posted.map(({ files }) => files.length)).toEqual([0, 0, 1])
    expect(posted[1]!.ts).toBe(ts)
    expect(String(posted[2]!.files[0]!.content)).toContain('Kunde 39;39')
  }) // prettier-ignore

  test('that Slack will never take is refused, and not tried again', async () => {
    await begin()
    slack().failNext('chat.postMessage', 'channel_not_found')
    await expect(world.out.post(world.general(), { text: 'a' }, 'a')).rejects.toMatchObject({
      code: 'channel_not_found',
    })
    await expect(world.out.post(world.general(), { text: 'a' }, 'a')).rejects.toMatchObject({
      code: 'channel_not_found',
    })
    expect(countOf('chat.postMessage')).toBe(1)
    expect(await world.rows()).toEqual([{ kind: 'post', state: 'refused', error: 'channel_not_found' }])
  })
})

describe('when nobody knows whether a post came through', () => {
  test.each(['500', 'fatal_error'])('after %s it is looked for, and posted if it is not there', async (failure) => {
    await begin()
    slack().failNext('chat.postMessage', failure)
    await world.passing(world.out.post(world.general(), { text: 'en gang' }, 'a'))
    expect(texts()).toEqual(['en gang'])
    expect(countOf('conversations.history')).toBe(1)
  }) // prettier-ignore

  test('it is looked for, and not posted twice', async () => {
    await begin()
    const answer = loseAnswerOf('chat.postMessage')
    const question = slack().mention('anna', 'general', 'hej')
    const { ts } = await world.passing(answer.out.post(world.placeOf(question), { text: 'en gang' }, 'a'))
    expect(texts()).toEqual(['en gang'])
    expect(slack().messages('general').at(-1)!.ts).toBe(ts)
    expect(countOf('conversations.replies')).toBe(1)
    await answer.out.close()
  })

  test('it is left for later when Slack is not heard of at all, and sent once then', async () => {
    await begin()
    for (let times = 0; times < 6; times++) slack().failNext('chat.postMessage', '500')
    const lost = world.passing(world.out.post(world.general(), { text: 'en gang' }, 'a'))
    await expect(lost).rejects.toMatchObject({ kind: 'unknown' })
    expect(await world.rows()).toEqual([{ kind: 'post', state: 'due', error: null }])
    await world.passing(world.out.recover())
    expect(texts()).toEqual(['en gang'])
  })

  /** The call reaches Slack and is done, and its answer gets lost on the way back. */
  function loseAnswerOf(method: string) {
    let isLost = false
    const out = createOutgoing({
      core: world.core,
      timer: slack().clock,
      api: (workspace) => ({
        call: async (name, args) => {
          const answer = await world.api(workspace).call(name, args)
          if (name !== method || isLost) return answer
          isLost = true
          const { SlackRefusal } = await import('../install/api.ts')
          throw new SlackRefusal('unknown', '')
        },
      }),
    })
    return { out }
  }
})

describe('the pace', () => {
  test('a 429 storm loses and doubles nothing, and keeps the order of each thread', async () => {
    await begin()
    const channels = ['general', 'kunder', 'havneby-tandklinik']
    channels.forEach((name) => slack().invite(name))
    for (let times = 0; times < 12; times++) slack().failNext('chat.postMessage', '429')
    const posts = channels.flatMap((name) =>
      Array.from({ length: 12 }, (_, index) =>
        world.out.post({ ...world.general(), channel: slack().workspace.channel(name).id }, { text: `${name} ${index}` }, `${name} ${index}`),
      ),
    )
    await world.passing(Promise.all(posts))
    for (const name of channels)
      expect(texts(name)).toEqual(Array.from({ length: 12 }, (_, index) => `${name} ${index}`))
    const refused = slack().calls('chat.postMessage').filter(({ answer }) => answer?.['ok'] === false)
    expect(refused).toHaveLength(12)
  }) // prettier-ignore

  test('no method is called more often than its tier allows', async () => {
    await begin()
    const call = () =>
      world.out.call(
        world.workspace,
        'conversations.info',
        { channel: world.fake.general },
        { within: 120_000 },
      )
    await Promise.all(Array.from({ length: 50 }, call))
    await world.passing(Promise.all(Array.from({ length: 10 }, call)))
    expect(countOf('conversations.info')).toBe(60)
    expect(
      slack()
        .calls('conversations.info')
        .filter(({ answer }) => answer?.['ok'] === false),
    ).toEqual([])
  })

  test('a busy channel keeps no other waiting', async () => {
    await begin()
    slack().invite('kunder')
    const busy = Promise.all(Array.from({ length: 20 }, (_, index) => world.out.post(world.general(), { text: `${index}` }, `busy ${index}`))) // prettier-ignore
    const other = { ...world.general(), channel: slack().workspace.channel('kunder').id }
    await world.passing(world.out.post(other, { text: 'kort' }, 'other'))
    expect(texts().length).toBeLessThan(10)
    await world.passing(busy)
    expect(texts()).toHaveLength(20)
  })

  test('who cannot wait is told so at once', async () => {
    await begin()
    slack().failNext('views.open', '429')
    const open = world.out.call(world.workspace, 'views.open', { trigger_id: 'x', view: {} }, { within: 500 })
    await expect(world.passing(open)).rejects.toMatchObject({ kind: 'rate_limited' })
  })
})

describe('rows', () => {
  test('of a dead process are sent by the next one, in the order that they were kept', async () => {
    await begin()
    const keep = (index: number) =>
      world.admin.query(
        `INSERT INTO slack.outbox (tenant_id, id, workspace_id, key, kind, channel, content, lease_until)
         VALUES ($1, uuidv7(), $2, $3, 'post', $4, $5, now() - interval '1 second')`,
        [world.workspace.tenant, world.workspace.id, `left ${index}`, world.fake.general,
          { text: `${index}`, locale: 'da', shows: 'text' }],
      ) // prettier-ignore
    for (let index = 0; index < 5; index++) await keep(index)
    await world.passing(world.out.recover())
    expect(texts()).toEqual(['0', '1', '2', '3', '4'])
    await world.out.recover()
    expect(texts()).toHaveLength(5)
  })

  test('are closed when their workspace ends, and nothing more goes to it', async () => {
    await begin()
    const waiting = Array.from({ length: 8 }, (_, index) => world.out.post(world.general(), { text: `${index}` }, `${index}`)) // prettier-ignore
    const ended = Promise.allSettled(waiting)
    await waiting[0]
    await world.out.end(world.workspace)
    const outcomes = await world.passing(ended)
    expect(outcomes.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(3)
    expect(new Set((await world.rows()).map(({ state }) => state))).toEqual(new Set(['sent', 'closed']))
    const before = countOf('chat.postMessage')
    await world.leasesRunOut()
    await world.out.recover()
    expect(countOf('chat.postMessage')).toBe(before)
  })

  test('of long ago are swept, and what is a day late is not sent any more', async () => {
    await begin()
    await world.out.post(world.general(), { text: 'a' }, 'old')
    await world.out.post(world.general(), { text: 'b' }, 'new')
    await world.admin.query(
      `UPDATE slack.outbox SET settled_at = now() - interval '15 days' WHERE key = 'old'`,
    )
    for (let times = 0; times < 6; times++) slack().failNext('chat.postMessage', '500')
    await world.passing(world.out.post(world.general(), { text: 'c' }, 'late')).catch(() => undefined)
    await world.admin.query(
      `UPDATE slack.outbox SET created_at = now() - interval '2 days' WHERE key = 'late'`,
    )
    await world.passing(world.out.recover())
    expect((await world.rows()).map(({ state }) => state)).toEqual(['sent', 'closed'])
    expect(texts()).toEqual(['a', 'b'])
  })
})
