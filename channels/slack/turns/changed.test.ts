import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Message } from '../fake/state.ts'
import type { Body } from '../inbox/envelope.ts'
import type { Person } from '../people/person.ts'
import { workspaceById } from '../reach.ts'
import { readRules } from '../rules/rules.ts'
import { createThreadStore } from './store.ts'
import { redeliver, startTurnWorld, type TurnWorld } from './testWorld.ts'
import { createTurns } from './turns.ts'

let world: TurnWorld
beforeAll(async () => {
  world = await startTurnWorld()
})
afterAll(() => world.close())

const superseded = '_The question was changed since. The new answer is further down._'

/** A question of Anna's, answered. */
async function ask(text: string, thread?: Message): Promise<Message> {
  const question = world.slack.mention('anna', 'general', text, thread && { thread })
  await world.settled()
  return question
}
async function edit(question: Message, text: string): Promise<void> {
  world.slack.edit(question, `${question.text.split('>')[0]}> ${text}`)
  await world.settled()
}
const turnsOf = (text: string) => world.turns.filter((turn) => turn.text === text)
const approvals = async (): Promise<string[]> =>
  (await world.admin.query('SELECT status FROM platform.approvals ORDER BY id')).rows.map(({ status }) => status) // prettier-ignore
const booksCalled = async (title: string): Promise<number> =>
  Number(
    (await world.admin.query('SELECT count(*) FROM shelf.books WHERE title = $1', [title])).rows[0].count,
  )

/** Somebody says these words, which Slack does not get through to us at first; it tells of them when it is asked to. */
async function toldLate<Done>(words: string, act: () => Done) {
  world.slack.app.requestUrl = undefined
  const done = act()
  await world.slack.settled()
  const payload = lastToldWith(words)
  await world.tellFirst()
  const tell = async (): Promise<void> => {
    await redeliver(world, payload)
    await world.settled()
  }
  return { done, tell }
}

/** The last thing that Slack told, or wanted to tell, with these words in it. */
const lastToldWith = (words: string) =>
  world.slack.deliveries.log
    .map(({ delivery }) => delivery.payload)
    .findLast((payload) => JSON.stringify(payload).includes(words))!

describe('a question that is changed after its answer', () => {
  test('is answered anew, and its old answer gives way to a note, so that one answer stands', async () => {
    const question = await ask('say old')
    await edit(question, 'say new')
    expect(world.answers(question)).toEqual([superseded, 'new'])
    expect(await world.kept(question)).toMatchObject([
      { role: 'person', text: 'say old' },
      { role: 'agent', text: 'old' },
      { role: 'person', text: 'say new' },
      { role: 'agent', text: 'new' },
    ])
    await edit(question, 'say newer')
    expect(world.answers(question)).toEqual([superseded, superseded, 'newer'])
  })

  test('is read by the agent with what was asked first, which says that it was changed', async () => {
    const question = await ask('say before')
    world.slack.say('mikkel', 'general', `<@${world.slack.workspace.user('anna').id}> not so`, { thread: question }) // prettier-ignore
    await world.settled()
    await edit(question, 'say after')
    expect(world.turns.at(-1)!.history).toMatchObject([
      { role: 'person', text: 'say before', isReplaced: true },
      { role: 'agent', text: 'before', isReplaced: true },
      { role: 'other', text: expect.stringContaining('not so'), isReplaced: false },
    ])
  })

  test('keeps what was done for it: it is told where the answer stood, and done again only after a yes', async () => {
    const lines = 'call shelf.books.create {"title":"Løvens gab"}'
    const question = await ask(`${lines}\nsay made`)
    await edit(question, `${lines}\nsay made again`)
    const [note] = world.answers(question)
    expect(note).toContain(superseded.slice(1, -1))
    expect(note).toMatch(/Done before that:\n.*Add a book/)
    expect(await booksCalled('Løvens gab')).toBe(1)
    expect(await approvals()).toEqual(['pending'])
  })

  test('takes back what waits for a yes', async () => {
    const lent = async (to: string) => {
      const { id } = await world.call<{ id: string }>('shelf.books.create', { title: `For ${to}` })
      return `call shelf.books.lend {"id":"${id}","to":"${to}@havneby.example"}`
    }
    const before = (await approvals()).length
    const question = await ask(await lent('bente'))
    await edit(question, await lent('karen'))
    expect((await approvals()).slice(before)).toEqual(['rejected', 'pending'])
  })

  test('is answered once, however often Slack tells of the edit', async () => {
    const question = await ask('say one')
    await edit(question, 'say two')
    const told = lastToldWith('say two')
    for (let times = 0; times < 3; times++) await redeliver(world, { ...told, event_id: `Ev${randomUUID()}` })
    await redeliver(world, told)
    await world.settled()
    expect(turnsOf('say two')).toHaveLength(1)
    expect(world.answers(question)).toEqual([superseded, 'two'])
  })

  test('is answered in its latest words, in whatever order its edits come', async () => {
    const question = await ask('say first')
    const bot = question.text.split('>')[0]
    const { tell } = await toldLate('say second', () => world.slack.edit(question, `${bot}> say second`))
    await edit(question, 'say third')
    await tell()
    expect(world.answers(question)).toEqual([superseded, 'third'])
    expect(turnsOf('say second')).toHaveLength(0)
  })

  test('is answered once in its new words where those come before it', async () => {
    const { done: question, tell } = await toldLate('say too early', () =>
      world.slack.say('anna', '@bot', 'say too early'),
    )
    world.slack.edit(question, 'say at last')
    await world.settled()
    await tell()
    expect(world.answers(question)).toEqual(['at last'])
    expect(turnsOf('say too early')).toHaveLength(0)
  })

  test('is answered anew after it was stopped', async () => {
    const question = world.slack.mention('anna', 'general', 'hold\nsay long')
    await world.held('hold\nsay long')
    world.slack.stop('anna', question)
    await world.settled()
    await edit(question, 'say short')
    expect(world.answers(question).at(-1)).toBe('short')
    expect(world.answers(question).join()).not.toContain('Stopped')
  })

  test('in the moment in which its answer stands is asked anew', async () => {
    const question = await ask('say almost')
    const workspace = (await workspaceById(world.core, world.tenant, world.workspace))!
    const store = createThreadStore(world.core.database, randomUUID())
    const spot = { workspace, channel: question.channel.id, ts: question.ts }
    // Nobody else answers it before its lease runs out.
    await world.admin.query(`UPDATE slack.messages SET state = 'asked', edited = '2', leased_until = now() + interval '1 hour' WHERE ts = $1`, [question.ts]) // prettier-ignore
    const asked = (await store.read(spot))!
    expect(await store.answered(spot, { ...asked, edited: '' })).toBe('asked')
    expect(await store.read(spot)).toMatchObject({ answerKey: '2', former: { answer: '' } })
    await world.leasesRunOut()
    const isAnswered = async () => (await store.read(spot))?.state === 'answered'
    await world.until(isAnswered)
    // Its old answer gives way beside that.
    await world.settled()
    expect(world.answers(question)).toEqual([superseded, 'almost'])
  })

  test('is answered by another process where its own dies, and its old answer gives way once', async () => {
    const question = await ask('say kept')
    await world.admin.query(
      `UPDATE slack.messages SET state = 'asked', text = '<@U0> say taken over', edited = $2, answer_key = $2, worker = NULL,
        former = jsonb_build_object('answer', answer_key, 'done', done), leased_until = now() - interval '1 second' WHERE ts = $1`,
      [question.ts, `${Number(question.ts) + 1}`],
    )
    await world.until(() => world.answers(question).length === 2)
    await world.settled()
    expect(world.answers(question)[0]).toBe(superseded)
    expect(world.slack.calls('chat.update').filter(({ arguments: { ts } }) => ts === world.slack.messages('general').find(({ threadTs }) => threadTs === question.ts)?.ts)).toHaveLength(1) // prettier-ignore
  })
})

test('a question whose answering reads an edit before its hearer knows that it is kept is answered once, in those words', async () => {
  const { core, parts } = { core: world.core, parts: world.channel.parts }
  const known = Promise.withResolvers<void>()
  const { write } = core.database
  const slowly = (async (tenant, statement) => {
    const rows = await write(tenant, statement)
    if (statement.text.includes('SET text = EXCLUDED.text')) await known.promise
    return rows
  }) as typeof write
  const turns = createTurns({ ...parts, core: { ...core, database: { ...core.database, write: slowly } } }, { showApprovals: async () => undefined, feedback: () => [], rulesOf: (...where) => readRules(core.database, ...where) }) // prettier-ignore
  const workspace = (await workspaceById(core, world.tenant, world.workspace))!
  const anna: Person = { slackUser: world.slack.workspace.user('anna').id, employee: world.anna, standing: 'linked' } // prettier-ignore
  world.slack.app.requestUrl = undefined
  const hear = async (words: string) => {
    await world.slack.settled()
    return turns.hear(workspace, anna, lastToldWith(words)['event'] as Body)
  }
  const question = world.slack.mention('anna', 'general', 'hold\nsay read before')
  await hear('say read before')
  await world.held('hold\nsay read before')
  world.slack.edit(question, `${question.text.split('>')[0]}> hold\nsay read after`)
  const hearing = hear('say read after')
  await world.asked('say read after')
  world.goOn()
  const turn = await world.held('hold\nsay read after')
  known.resolve()
  await hearing
  expect(turn.signal.aborted).toBe(false)
  world.goOn()
  await turns.settled()
  expect(world.answers(question)).toEqual(['read after'])
  expect(turnsOf('hold\nsay read after')).toHaveLength(1)
  await turns.close()
  await world.tellFirst()
})

describe('an edit that asks nothing new', () => {
  test('changes nothing that is read', async () => {
    const question = await ask('say the same')
    const before = world.turns.length
    world.slack.edit(question, `  ${question.text}  `)
    await world.settled()
    expect(world.turns.length).toBe(before)
    expect(world.answers(question)).toEqual(['the same'])
  })

  test('is of a question before the last that its writer asked there', async () => {
    const question = await ask('say older')
    const next = await ask('say newest', question)
    world.slack.say('mikkel', 'general', 'say mine', { thread: question })
    await world.settled()
    await edit(question, 'say too late')
    expect(turnsOf('say too late')).toHaveLength(0)
    await edit(next, 'say in time')
    expect(world.answers(question)).toEqual(['older', superseded, 'mine', 'in time'])
  })

  test('comes more than a day after it', async () => {
    const question = await ask('say yesterday')
    await world.admin.query(`UPDATE slack.messages SET created_at = now() - interval '25 hours' WHERE ts = $1`, [question.ts]) // prettier-ignore
    await edit(question, 'say today')
    expect(world.answers(question)).toEqual(['yesterday'])
  })

  test('is of somebody who is no employee any more', async () => {
    const question = await ask('say mine')
    const anna = world.slack.workspace.user('anna').id
    const link = (employee: string | null) =>
      world.admin.query(`UPDATE slack.people SET employee_id = $1, linked_at = CASE WHEN $1::uuid IS NULL THEN NULL ELSE now() END WHERE slack_user = $2`, [employee, anna]) // prettier-ignore
    await link(null)
    await edit(question, 'say not mine')
    await link(world.anna)
    expect(turnsOf('say not mine')).toHaveLength(0)
    expect(world.answers(question)).toEqual(['mine'])
  })
})
