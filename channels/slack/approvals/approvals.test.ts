import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ApprovalNotice } from '#core'
import type { Message } from '../fake/index.ts'
import { startApprovalWorld, type ApprovalWorld } from '../testing/approvalWorld.ts'
import { actions } from './card.ts'
import { refreshCards } from './refresh.ts'

let world: ApprovalWorld
beforeAll(async () => {
  world = await startApprovalWorld()
})
afterAll(() => world.close())

const shownIn = (message: Message | undefined): string => JSON.stringify(message?.blocks ?? '')
const press = (person: string, message: Message | undefined, action: keyof typeof actions) =>
  world.slack.press(person, message!, actions[action])
/** What only this person was told in #general, the latest. */
const toldAlone = (person: string): string =>
  world.slack.messages('general').findLast(({ onlyFor }) => onlyFor === world.slack.workspace.user(person).id)
    ?.text ?? ''
const becomes = async (message: Message | undefined, said: string): Promise<void> =>
  await expect.poll(() => shownIn(message)).toContain(said)

/** Its record stands there before it is carried out where that takes a while. */
const isDone = async (notice: ApprovalNotice): Promise<void> =>
  await expect.poll(() => world.statusOf(notice)).toBe('done')

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
    await expect.poll(() => [toldAlone('anna'), toldAlone('mikkel')].join()).toContain('har godkendt det') // prettier-ignore
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
    await expect.poll(() => shownIn(card)).toMatch(/Godkendt af Anna|Afvist af Mikkel/)
    await expect.poll(() => world.statusOf(notice)).toMatch(/done|rejected/)
    const isSent = (await world.statusOf(notice)) === 'done'
    await becomes(card, isSent ? 'Godkendt af Anna' : 'Afvist af Mikkel')
    await expect.poll(() => world.mailed()).toBe(before + (isSent ? 1 : 0))
  })

  test('refuses whoever may not do it themselves, in a sentence for them alone', async () => {
    const { notice, card } = await asked('mail', newAddress())
    const poor = new Set([...world.mikkel.permissions].filter((each) => each !== 'shelf.books:send'))
    world.changed.set(world.mikkel.actor.id, { ...world.mikkel, permissions: poor })
    await press('mikkel', card, 'approve')
    await expect.poll(() => toldAlone('mikkel')).toContain('Kun Anna Nordlys og kolleger')
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
    const { notice, card } = await asked('mail', to)
    await press('anna', card, 'always')
    await becomes(card, 'Godkendt af Anna')
    await isDone(notice)
    const before = await world.mailed()
    await world.want('mail', to).catch(() => undefined)
    expect(await world.mailed()).toBe(before + 1)
  })

  test('a process that died before it told Slack is made up for by any other', async () => {
    const { notice, card } = await asked('mail', newAddress())
    const before = world.slack.calls('chat.update').length
    world.slack.failNext('chat.update', '500')
    await world.call('platform.approvals.reject', { id: notice.id }, world.tenant, {
      actor: world.anna.actor,
    })
    await expect.poll(() => world.slack.calls('chat.update').length).toBeGreaterThan(before)
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
    expect(shownIn(card)).not.toContain(actions.always)
    expect(shownIn(card)).toContain(
      `/archives/${world.place.channel}/p${world.place.thread!.replace('.', '')}`,
    )
    const refused = world.call('platform.approvals.approve', { id: notice.id }, world.tenant, {
      actor: world.anna.actor,
    })
    await expect(refused).rejects.toMatchObject({ code: 'not_approver' })
    await press('mikkel', card, 'approve')
    await becomes(card, 'Godkendt af Mikkel')
    await becomes(note, 'Godkendt af Mikkel')
    await name(null)
  })

  test('they are asked without a link to the thread where Slack gives none', async () => {
    await name([world.mikkel.actor.id])
    world.slack.failNext('chat.getPermalink', 'message_not_found')
    const { notice } = await asked('mail', newAddress())
    const card = world.latest('@bot', 'mikkel')
    expect(shownIn(card)).toContain(notice.id)
    expect(shownIn(card)).not.toContain('/archives/')
    await name(null)
  })

  test('somebody who could not be asked at first is asked later, once, and only then does the thread say so', async () => {
    await name([world.mikkel.actor.id])
    const notice = await world.want('mail', newAddress())
    const before = world.latest('@bot', 'mikkel')?.ts
    world.slack.failNext('conversations.open', '500')
    await world.show(notice)
    expect(world.latest('@bot', 'mikkel')?.ts).toBe(before)
    for (let looks = 0; looks < 2; looks++) await refreshCards(world.channel.parts, world.tenant, notice.id)
    const card = world.latest('@bot', 'mikkel')
    expect(shownIn(card)).toContain(notice.id)
    expect(card?.ts).not.toBe(before)
    expect(shownIn(world.latest('general'))).toContain('har spurgt Mikkel Brandt')
    await press('mikkel', card, 'approve')
    await becomes(card, 'Godkendt af Mikkel')
    await name(null)
  })

  test('what the asker has always allowed for themselves is still asked of them', async () => {
    const to = newAddress()
    const { notice: first, card } = await asked('mail', to)
    await press('anna', card, 'always')
    await becomes(card, 'Godkendt af Anna')
    await isDone(first)
    await name([world.mikkel.actor.id])
    const before = await world.mailed()
    const { notice } = await asked('mail', to)
    expect([await world.statusOf(notice), await world.mailed()]).toEqual(['pending', before])
    await press('mikkel', world.latest('@bot', 'mikkel'), 'approve')
    await isDone(notice)
    expect(await world.mailed()).toBe(before + 1)
    await name([world.anna.actor.id, world.mikkel.actor.id])
    await world.want('mail', to).catch(() => undefined)
    expect(await world.mailed()).toBe(before + 2)
    await name(null)
  })

  test('nobody approves in a thread that is not known any more', async () => {
    const notice = await world.want('mail', newAddress())
    await name([world.mikkel.actor.id])
    const { rows } = await world.admin.query(`DELETE FROM slack.threads WHERE tenant_id = $1 AND root = $2 RETURNING *`, [world.tenant, world.place.thread]) // prettier-ignore
    const refused = world.call('platform.approvals.approve', { id: notice.id }, world.tenant, {
      actor: world.anna.actor,
    })
    await expect(refused).rejects.toMatchObject({ code: 'approval_void' })
    const { tenant_id, workspace_id, channel, root, conversation_id } = rows[0]
    await world.admin.query(`INSERT INTO slack.threads (tenant_id, workspace_id, channel, root, conversation_id) VALUES ($1, $2, $3, $4, $5)`, [tenant_id, workspace_id, channel, root, conversation_id]) // prettier-ignore
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
    ) // prettier-ignore
    .toEqual({ given_up: true })
})
