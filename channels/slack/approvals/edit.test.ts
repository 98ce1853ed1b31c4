import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ApprovalNotice } from '#core'
import type { Message } from '../fake/index.ts'
import { startApprovalWorld, type ApprovalWorld } from '../testing/approvalWorld.ts'
import { actions } from './card.ts'

let world: ApprovalWorld
beforeAll(async () => {
  world = await startApprovalWorld()
})
afterAll(() => world.close())

const shownIn = (message: Message | undefined): string => JSON.stringify(message?.blocks ?? '')
const becomes = async (message: Message | undefined, said: string): Promise<void> =>
  await expect.poll(() => shownIn(message)).toContain(said)
const press = (person: string, message: Message | undefined, action: keyof typeof actions) =>
  world.slack.press(person, message!, actions[action])
const toldAlone = (person: string): string =>
  world.slack.messages('general').findLast(({ onlyFor }) => onlyFor === world.slack.workspace.user(person).id)
    ?.text ?? ''
const isDone = async (notice: ApprovalNotice): Promise<void> =>
  await expect.poll(() => world.statusOf(notice)).toBe('done')
const modal = (person = 'anna') => JSON.stringify(world.slack.modal(person)?.content ?? '')
const receivers = async (): Promise<string[]> =>
  (await world.admin.query(`SELECT address FROM shelf.letters WHERE tenant_id = $1 AND way = 'out' ORDER BY id`, [world.tenant])).rows.map(({ address }) => String(address)) // prettier-ignore
const decide = (notice: ApprovalNotice, verb: 'approve' | 'reject', more: object = {}) =>
  world.call(`platform.approvals.${verb}`, { id: notice.id, ...more }, world.tenant, { actor: world.mikkel.actor }) // prettier-ignore

let letters = 0
/** A question in the thread to an address of its own, with its card. */
async function asked() {
  const to = `bente${++letters}@havneby.example`
  const notice = await world.want('mail', { to })
  await world.show(notice)
  return { notice, to, instead: `karen${letters}@havneby.example`, card: world.latest('general') }
}
/** The same, with Anna's form before her: Slack hears of the press before the form comes. */
async function opened() {
  const question = await asked()
  await press('anna', question.card, 'edit')
  await expect.poll(() => modal()).toContain(question.to)
  return question
}

describe('“Edit” on a card in Slack', () => {
  test('opens a form with what was asked, and says what stays', async () => {
    const { to } = await opened()
    for (const said of [to, '"plain_text_input"', 'Til', 'Løvens gab', 'Godkend det rettede'])
      expect(modal()).toContain(said)
    await world.slack.dismiss('anna')
  })

  test('does what was written there, and the record says what was asked', async () => {
    const { notice, card, to, instead } = await opened()
    await world.slack.submit('anna', { to: instead })
    expect(world.slack.modal('anna')).toBeUndefined()
    await becomes(card, 'Godkendt af Anna Nordlys')
    expect(shownIn(card)).toContain(to)
    expect(shownIn(card)).toContain(instead)
    expect(shownIn(card)).not.toContain('"button"')
    await isDone(notice)
    expect((await receivers()).at(-1)).toBe(instead)
  })

  test('without a change approves what was asked', async () => {
    const { notice, card, to } = await opened()
    await world.slack.submit('anna')
    await becomes(card, 'Godkendt af Anna Nordlys')
    await isDone(notice)
    expect((await receivers()).at(-1)).toBe(to)
  })

  test('says under the field what is wrong with it, and nothing is done', async () => {
    const { notice, card } = await opened()
    const before = await receivers()
    const { body } = await world.slack.submit('anna', { to: 'nobody' })
    expect(body).toMatchObject({ response_action: 'errors', errors: { to: expect.stringMatching(/\w/) } })
    expect(world.slack.modal('anna')).toBeDefined()
    expect([await world.statusOf(notice), await receivers()]).toEqual(['pending', before])
    await world.slack.submit('anna', { to: 'ida@havneby.example' })
    await becomes(card, 'Godkendt af Anna Nordlys')
    await isDone(notice)
    expect(await receivers()).toEqual([...before, 'ida@havneby.example'])
  })

  test('opens nothing for whoever may not do it themselves, and tells them who may', async () => {
    const poor = new Set([...world.mikkel.permissions].filter((each) => each !== 'shelf.books:send'))
    world.changed.set(world.mikkel.actor.id, { ...world.mikkel, permissions: poor })
    const { notice, card } = await asked()
    await press('mikkel', card, 'edit')
    await expect.poll(() => toldAlone('mikkel')).toContain('Kun Anna Nordlys og kolleger')
    world.changed.set(world.mikkel.actor.id, world.mikkel)
    expect(world.slack.modal('mikkel')).toBeUndefined()
    expect(await world.statusOf(notice)).toBe('pending')
  })

  test('opens nothing for whom the place does not let approve, and takes nothing from them', async () => {
    const { notice, card, instead } = await opened()
    await world.call('slack.channels.update', { id: world.tenant, approvers: [world.mikkel.actor.id] })
    const before = await receivers()
    await world.slack.submit('anna', { to: instead })
    expect(modal()).toContain('Kun Mikkel Brandt')
    await world.slack.dismiss('anna')
    await press('anna', card, 'edit')
    await expect.poll(() => toldAlone('anna')).toContain('Kun Mikkel Brandt')
    expect(world.slack.modal('anna')).toBeUndefined()
    await world.call('slack.channels.update', { id: world.tenant, approvers: null })
    expect([await world.statusOf(notice), await receivers()]).toEqual(['pending', before])
  })

  test('that was settled meanwhile says so where the form stood', async () => {
    const { notice, instead } = await opened()
    const before = await receivers()
    await decide(notice, 'reject')
    await world.slack.submit('anna', { to: instead })
    expect(modal()).toContain('Mikkel Brandt har afvist det.')
    expect(await receivers()).toEqual(before)
    await world.slack.dismiss('anna')
  })

  test('and a colleague’s yes at once are one settling, and whoever comes second is told', async () => {
    const { notice, card, to, instead } = await opened()
    const before = await receivers()
    await Promise.all([world.slack.submit('anna', { to: instead }), press('mikkel', card, 'approve')])
    await becomes(card, 'Godkendt af')
    await isDone(notice)
    const sent = (await receivers()).slice(before.length)
    expect([[instead], [to]]).toContainEqual(sent)
    const [whom, said] =
      sent[0] === instead
        ? (['mikkel', 'Anna Nordlys har rettet det og godkendt det.'] as const)
        : (['anna', 'Mikkel Brandt har godkendt det.'] as const)
    await expect.poll(() => modal(whom) + toldAlone(whom)).toContain(said)
  })
})
