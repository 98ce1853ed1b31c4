import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Caller } from '../operations/caller.ts'
import { mailBook } from '../testing/shelf/shelf.ts'
import { openWorld, type ApprovalWorld } from './testWorld.ts'

let world: ApprovalWorld
let anna: Caller
let mikkel: Caller
let inSlack: Caller
let input: object
let named: readonly string[] = []
beforeAll(async () => {
  world = await openWorld()
  world.core.approvals.approvers.nameFor('slack', async () => named)
})
afterAll(() => world.close())
beforeEach(async () => {
  const company = await world.company()
  ;({ anna, mikkel } = company)
  const conversation = randomUUID()
  await world.admin.query(
    `INSERT INTO platform.conversations (tenant_id, id, person_id, title) VALUES ($1, $2, $3, 'Slack')`,
    [anna.tenant.id, conversation, anna.actor.id],
  )
  inSlack = { ...company.agent, origin: { surface: 'slack', requestId: 'slack-1', conversation } }
  input = { id: company.book.id, to: 'bente@havneby.example' }
  named = []
})

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

test('what was asked elsewhere is none of its business', async () => {
  named = [mikkel.actor.id]
  const { id } = await world.ask(mailBook, input, {
    ...inSlack,
    origin: { ...inSlack.origin, surface: 'chat' },
  })
  expect(await world.approve(id, anna)).toMatchObject({ status: 'done' })
})
