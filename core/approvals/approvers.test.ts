import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { renameConversation } from '../conversations/operations.ts'
import type { Caller } from '../operations/caller.ts'
import { mailBook, shelf } from '../testing/shelf/shelf.ts'
import { openWorld, type ApprovalWorld } from './testWorld.ts'

let world: ApprovalWorld
let anna: Caller
let mikkel: Caller
let inSlack: Caller
let input: object
let named: readonly string[] | undefined = []
beforeAll(async () => {
  world = await openWorld({ ...shelf, approvers: { surface: 'slack', named: async () => named } })
})
afterAll(() => world.close())
beforeEach(async () => {
  const company = await world.company()
  ;({ anna, mikkel } = company)
  const conversation = await conversationOf(anna)
  inSlack = { ...company.agent, origin: { surface: 'slack', requestId: 'slack-1', conversation } }
  input = { id: company.book.id, to: 'bente@havneby.example' }
  named = []
})

async function conversationOf({ tenant, actor }: Caller): Promise<string> {
  const id = randomUUID()
  await world.admin.query(
    `INSERT INTO platform.conversations (tenant_id, id, person_id, title) VALUES ($1, $2, $3, 'Slack')`,
    [tenant.id, id, actor.id],
  )
  return id
}

test('whoever may do it approves, where the place names nobody', async () => {
  const { id } = await world.ask(mailBook, input, inSlack)
  expect(await world.approve(id, mikkel)).toMatchObject({ status: 'done' })
})

test('the place where it was asked says who alone approves, wherever they do it', async () => {
  named = [mikkel.actor.id]
  const { id } = await world.ask(mailBook, input, inSlack)
  expect((await world.refusal(world.approve(id, anna))).code).toBe('not_approver')
  expect(await world.sent(anna)).toEqual([])
  expect(await world.approve(id, mikkel)).toMatchObject({ status: 'done' })
})

test('whoever deletes the conversation in which it was asked becomes no approver by that', async () => {
  named = [mikkel.actor.id]
  const { id } = await world.ask(mailBook, input, inSlack)
  await world.admin.query(`DELETE FROM platform.conversations WHERE id = $1`, [inSlack.origin.conversation])
  expect((await world.refusal(world.approve(id, anna))).code).toBe('approval_void')
  expect(await world.sent(anna)).toEqual([])
  expect(await world.reject(id, anna)).toMatchObject({ status: 'rejected' })
})

test('where nobody knows any more who approves, nobody does, and what was always allowed is asked about', async () => {
  await allowAlways(anna)
  named = undefined
  const { id } = await world.ask(mailBook, input, inSlack)
  expect((await world.refusal(world.approve(id, anna))).code).toBe('approval_void')
  expect(await world.reject(id, anna)).toMatchObject({ status: 'rejected' })
  expect(await world.sent(anna)).toHaveLength(1)
})

/** The person says it where nobody else is named: before the place names somebody, or in another one. */
async function allowAlways(person: Caller, there = inSlack): Promise<void> {
  const { id } = await world.ask(mailBook, input, there)
  await world.approve(id, person, { always: {} })
}

describe('“always allow this” of whoever asks', () => {
  test('does not pass by those whom the place names since', async () => {
    await allowAlways(anna)
    named = [mikkel.actor.id]
    const { id } = await world.ask(mailBook, input, inSlack)
    expect(await world.sent(anna)).toHaveLength(1)
    expect(await world.approve(id, mikkel)).toMatchObject({ status: 'done' })
  })

  test('said elsewhere does not pass by them either, and holds on there', async () => {
    const inChat: Caller = { ...inSlack, origin: { ...inSlack.origin, surface: 'chat' } }
    named = [mikkel.actor.id]
    await allowAlways(anna, inChat)
    await world.ask(mailBook, input, inSlack)
    await world.call(mailBook, input, inChat)
    expect(await world.sent(anna)).toHaveLength(2)
    const { items } = (await world.call('platform.grants.list', {}, anna)) as { items: { uses: number }[] }
    expect(items).toMatchObject([{ uses: 1 }])
  })

  test('is not to be had from them, nor by whoever is not among them', async () => {
    named = [mikkel.actor.id]
    const { id } = await world.ask(mailBook, input, inSlack)
    expect((await world.refusal(world.approve(id, anna, { always: {} }))).code).toBe('not_approver')
    expect((await world.refusal(world.approve(id, mikkel, { always: {} }))).code).toBe('conflict')
    expect(await world.sent(anna)).toEqual([])
  })

  test('holds while they are named themselves, and no longer', async () => {
    named = [anna.actor.id, mikkel.actor.id]
    await allowAlways(anna)
    await world.call(mailBook, input, inSlack)
    named = [mikkel.actor.id]
    await world.ask(mailBook, input, inSlack)
    expect(await world.sent(anna)).toHaveLength(2)
  })

  test('does not hold in a place that no conversation tells', async () => {
    await allowAlways(anna)
    const { conversation: _, ...nowhere } = inSlack.origin
    await world.ask(mailBook, input, { ...inSlack, origin: nowhere })
  })
})

test('whoever asked may always say no', async () => {
  named = [mikkel.actor.id]
  const { id } = await world.ask(mailBook, input, inSlack)
  expect(await world.reject(id, anna)).toMatchObject({ status: 'rejected' })
})

test('a place gives nobody a right that they do not have', async () => {
  named = [mikkel.actor.id]
  const { id } = await world.ask(mailBook, input, inSlack)
  const permissions = new Set([...mikkel.permissions].filter((each) => each !== mailBook.permission))
  expect((await world.refusal(world.approve(id, { ...mikkel, permissions }))).code).toBe('not_found')
})

describe('what only the asker may decide', () => {
  let own: { id: string; title: string }
  beforeEach(async () => {
    own = { id: await conversationOf(anna), title: 'Tilbud' }
    await world.call('platform.approvalPolicy.update', { writes: true }, anna)
  })

  test('is theirs, whoever is named in the place where it was asked', async () => {
    named = [mikkel.actor.id]
    const { id } = await world.ask(renameConversation, own, inSlack)
    expect((await world.refusal(world.approve(id, mikkel))).code).toBe('not_found')
    const form = (await world.call('platform.approvals.form', { id }, anna)) as { id: string }
    expect(form.id).toBe(id)
    expect(await world.approve(id, anna)).toMatchObject({ status: 'done', decidedBy: anna.actor.id })
  })

  test('stays theirs where nobody knows any more who approves', async () => {
    const { id } = await world.ask(renameConversation, own, inSlack)
    named = undefined
    expect(await world.approve(id, anna)).toMatchObject({ status: 'done' })
  })

  test('is always allowed there when they say so, while what belongs to the company is asked about', async () => {
    named = [mikkel.actor.id]
    const { id } = await world.ask(renameConversation, own, inSlack)
    await world.approve(id, anna, { always: {} })
    await world.call(renameConversation, { ...own, title: 'Ordre' }, inSlack)
    await world.ask(mailBook, input, inSlack)
  })
})

test('a decision does not hold once the place names others, and is not carried out', async () => {
  named = [mikkel.actor.id]
  const { id } = await world.ask(mailBook, input, inSlack)
  await decidedOnly(id, mikkel)
  named = [anna.actor.id]
  await world.core.approvals.carryOut(anna.tenant.id, id)
  expect(await world.get(id, anna)).toMatchObject({
    status: 'void',
    outcome: expect.stringContaining('who approved'),
  })
  expect(await world.sent(anna)).toEqual([])
})

test('a decision of somebody who is named still is carried out, though its process is gone', async () => {
  named = [mikkel.actor.id]
  const { id } = await world.ask(mailBook, input, inSlack)
  await decidedOnly(id, mikkel)
  await world.core.approvals.carryOut(anna.tenant.id, id)
  expect(await world.get(id, anna)).toMatchObject({ status: 'done' })
})

/** The decision is committed, and the process is gone before anything else. */
const decidedOnly = (id: string, { actor }: Caller) =>
  world.admin.query(`UPDATE platform.approvals SET status = 'approved', decided_by = $2, decided_at = now() WHERE id = $1`, [id, actor.id]) // prettier-ignore

test('what was asked elsewhere is none of its business', async () => {
  named = [mikkel.actor.id]
  const { id } = await world.ask(mailBook, input, {
    ...inSlack,
    origin: { ...inSlack.origin, surface: 'chat' },
  })
  expect(await world.approve(id, anna)).toMatchObject({ status: 'done' })
})
