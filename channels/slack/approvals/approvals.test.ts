import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Message } from '../fake/index.ts'
import { startApprovalWorld, type ApprovalWorld } from '../testing/approvalWorld.ts'
import { actions } from './card.ts'
import { refreshCards } from './refresh.ts'

let world: ApprovalWorld
beforeAll(async () => {
  world = await startApprovalWorld()
}, 60_000)
afterAll(() => world.close())

const shownIn = (message: Message | undefined): string => JSON.stringify(message?.blocks ?? '')
const press = (person: string, message: Message | undefined, action: keyof typeof actions) =>
  world.slack.press(person, message!, actions[action])
/** What only this person was told in #general, the latest. */
const toldAlone = (person: string): string =>
  world.slack.messages('general').findLast(({ onlyFor }) => onlyFor === world.slack.workspace.user(person).id)
    ?.text ?? ''
const becomes = async (message: Message | undefined, said: string): Promise<void> =>
  await expect.poll(() => shownIn(message), { timeout: 10_000 }).toContain(said)

/** Shown in the thread, to be decided there. */
async function asked(verb: 'mail' | 'update' | 'delete' = 'mail', more: object = {}) {
  const notice = await world.want(verb, more)
  await world.show(notice)
  const card = world.latest('general')
  return { notice, card }
}

let letters = 0
const newAddress = () => ({ to: `bente${++letters}@havneby.example` })

describe('an approval in a thread', () => {
  test('says by name what would be done, exactly how, for whom, and takes an answer', async () => {
    const { card } = await asked('mail', { to: 'bente@havneby.example' })
    for (const said of [
      'Løvens gab',
      'bente@havneby.example',
      'Anna Nordlys',
      actions.approve,
      actions.reject,
    ])
      expect(shownIn(card)).toContain(said)
    expect(card!.threadTs).toBe(world.place.thread)
  })

  test('is done once it is approved, and the record stands where the buttons were', async () => {
    const { notice, card } = await asked('mail', newAddress())
    const before = await world.mailed()
    await press('anna', card, 'approve')
    await becomes(card, 'Godkendt af Anna Nordlys')
    expect(shownIn(card)).not.toContain('"button"')
    await expect
      .poll(async () => [await world.statusOf(notice), await world.mailed()])
      .toEqual(['done', before + 1])
  })

  test('is not done once it is rejected', async () => {
    const { notice, card } = await asked('mail', newAddress())
    const before = await world.mailed()
    await press('mikkel', card, 'reject')
    await becomes(card, 'Afvist af Mikkel Brandt')
    expect([await world.statusOf(notice), await world.mailed()]).toEqual(['rejected', before])
  })

  test('is settled once though two press at once, and the second is told by whom', async () => {
    const { card } = await asked('mail', newAddress())
    const before = await world.mailed()
    await Promise.all([press('anna', card, 'approve'), press('mikkel', card, 'approve')])
    await becomes(card, 'Godkendt af')
    await expect.poll(() => [toldAlone('anna'), toldAlone('mikkel')].join(), { timeout: 10_000 }).toContain('har godkendt det') // prettier-ignore
    await expect.poll(() => world.mailed()).toBe(before + 1)
  })

  test('that is decided in the dashboard gets its record here', async () => {
    const { notice, card } = await asked('mail', newAddress())
    await world.call('platform.approvals.approve', { id: notice.id }, world.tenant, {
      actor: world.mikkel.actor,
    })
    await becomes(card, 'Godkendt af Mikkel Brandt')
  })

  test('that is decided in two places at once is done once, and every place says the same', async () => {
    const { notice, card } = await asked('mail', newAddress())
    const before = await world.mailed()
    const elsewhere = world
      .call('platform.approvals.reject', { id: notice.id }, world.tenant, { actor: world.mikkel.actor })
      .catch(() => undefined)
    await Promise.all([press('anna', card, 'approve'), elsewhere])
    await expect.poll(() => shownIn(card), { timeout: 10_000 }).toMatch(/Godkendt af Anna|Afvist af Mikkel/)
    await expect.poll(() => world.statusOf(notice)).toMatch(/done|rejected/)
    const isDone = (await world.statusOf(notice)) === 'done'
    await becomes(card, isDone ? 'Godkendt af Anna' : 'Afvist af Mikkel')
    await expect.poll(() => world.mailed()).toBe(before + (isDone ? 1 : 0))
  })

  test('refuses whoever may not do it themselves, in a sentence for them alone', async () => {
    const { notice, card } = await asked('mail', newAddress())
    const poor = new Set([...world.mikkel.permissions].filter((each) => each !== 'shelf.books:send'))
    world.changed.set(world.mikkel.actor.id, { ...world.mikkel, permissions: poor })
    await press('mikkel', card, 'approve')
    await expect
      .poll(() => toldAlone('mikkel'), { timeout: 10_000 })
      .toContain('Kun Anna Nordlys og kolleger')
    world.changed.set(world.mikkel.actor.id, world.mikkel)
    expect(await world.statusOf(notice)).toBe('pending')
    expect(shownIn(card)).toContain(actions.approve)
  })

  test('does nothing for a guest and for somebody of another company', async () => {
    const { notice, card } = await asked('mail', newAddress())
    for (const name of ['gitte', 'karen']) await press(name, card, 'approve')
    expect(await world.statusOf(notice)).toBe('pending')
  })

  test('that nobody answered says so, and a late press does nothing', async () => {
    const { notice, card } = await asked('mail', newAddress())
    await world.admin.query(`SET session_replication_role = replica; UPDATE platform.approvals SET expires_at = now() - interval '1 minute' WHERE id = '${notice.id}'; SET session_replication_role = origin`) // prettier-ignore
    const before = await world.mailed()
    await press('anna', card, 'approve')
    await world.core.approvals.recover()
    await becomes(card, 'Ingen svarede i tide')
    expect([await world.statusOf(notice), await world.mailed()]).toEqual(['expired', before])
  })

  test('asks once more before what cannot be undone', async () => {
    const { card } = await asked('delete')
    expect(shownIn(card)).toContain('"confirm"')
  })

  test('lets the asker always allow it, and does not ask again', async () => {
    const to = newAddress()
    const { card } = await asked('mail', to)
    await press('anna', card, 'always')
    await becomes(card, 'Godkendt af Anna')
    const before = await world.mailed()
    await world.want('mail', to).catch(() => undefined)
    expect(await world.mailed()).toBe(before + 1)
  })

  test('a process that died before it told Slack is made up for by any other', async () => {
    const { notice, card } = await asked('mail', newAddress())
    world.slack.failNext('chat.update', '500')
    await world.call('platform.approvals.reject', { id: notice.id }, world.tenant, {
      actor: world.anna.actor,
    })
    await expect.poll(() => world.slack.calls('chat.update').length).toBeGreaterThan(0)
    await refreshCards(world.channel.parts, world.tenant, notice.id)
    await becomes(card, 'Afvist af Anna')
  })

  test('runs nothing where the card could not be posted', async () => {
    const notice = await world.want('mail', newAddress())
    const before = await world.mailed()
    await world.show(notice, { ...world.place, channel: 'C0NOWHERE99' })
    expect([await world.statusOf(notice), await world.mailed()]).toEqual(['pending', before])
  })
})

describe('where the channel names who approves', () => {
  const name = (approvers: readonly string[] | null) => world.call('slack.channels.update', { id: world.tenant, approvers }) // prettier-ignore

  test('they are asked by themselves, the thread says so, and whoever asked may not, anywhere', async () => {
    await name([world.mikkel.actor.id])
    const { notice, card: note } = await asked('mail', newAddress())
    expect(shownIn(note)).toContain('har spurgt Mikkel Brandt')
    expect(shownIn(note)).not.toContain(actions.approve)
    const card = world.latest('@bot', 'mikkel')
    expect(shownIn(card)).toContain(actions.approve)
    const refused = world.call('platform.approvals.approve', { id: notice.id }, world.tenant, {
      actor: world.anna.actor,
    })
    await expect(refused).rejects.toMatchObject({ code: 'not_approver' })
    await press('mikkel', card, 'approve')
    await becomes(card, 'Godkendt af Mikkel')
    await becomes(note, 'Godkendt af Mikkel')
    await name(null)
  })
})

test('a workspace that is uninstalled meanwhile is let be, and the approval is decided elsewhere', async () => {
  const { notice } = await asked('mail', newAddress())
  world.slack.uninstall()
  await world.settled()
  await world.call('platform.approvals.reject', { id: notice.id }, world.tenant, { actor: world.anna.actor })
  await expect
    .poll(
      async () =>
        (
          await world.admin.query(`SELECT given_up FROM slack.approval_cards WHERE approval_id = $1`, [
            notice.id,
          ])
        ).rows[0],
      { timeout: 10_000 },
    ) // prettier-ignore
    .toEqual({ given_up: true })
})
