import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../database/sql.ts'
import type { Caller } from '../operations/caller.ts'
import { testCore, type TestCore } from '../testing/core.ts'
import { shelf } from '../testing/shelf/shelf.ts'
import type { AgentTurn, LeftBehind } from './agentPort.ts'
import { createConversations } from './conversations.ts'
import type { TurnEvent } from './turn.ts'

let world: TestCore
beforeAll(async () => {
  world = await testCore([shelf])
  // As a disk that is full: the statement has run, and its commit fails.
  await world.admin.query(`
    CREATE FUNCTION app.break_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the disk is full'; END $$;
    CREATE CONSTRAINT TRIGGER break_commit AFTER INSERT ON platform.messages DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW WHEN (NEW.text = 'breaks') EXECUTE FUNCTION app.break_commit()`)
})
afterAll(() => world.close())

test('a statement is answered ahead of its commit, and then told how that went', async () => {
  const [tenant, conversation] = [randomUUID(), randomUUID()]
  await world.admin.query(
    `INSERT INTO platform.conversations (tenant_id, id, person_id, title) VALUES ($1, $2, $2, 'x')`,
    [tenant, conversation],
  )
  const ahead = (text: string) =>
    world.database.writeAhead(
      tenant,
      sql`INSERT INTO platform.messages (tenant_id, id, conversation_id, person_id, role, text, locale, at)
        VALUES (${tenant}, ${randomUUID()}, ${conversation}, ${tenant}, 'person', ${text}, 'da', now()) RETURNING text`,
    )
  const broken = await ahead('breaks')
  expect(broken.rows).toEqual([{ text: 'breaks' }])
  await expect(broken.committed).rejects.toThrow('the disk is full')
  const kept = await ahead('stays')
  await kept.committed
  const { rows } = await world.admin.query('SELECT text FROM platform.messages WHERE tenant_id = $1', [
    tenant,
  ])
  expect(rows).toEqual([{ text: 'stays' }])
})

test('of a message that could not be kept nobody is told, and nothing is done for it', async () => {
  const told: TurnEvent[] = []
  async function* run({ call }: AgentTurn) {
    await call('shelf.books.create', { title: 'Never' }, 'call_1')
    yield { type: 'text', delta: 'Added.' } as const
  }
  const { handle } = createConversations({ core: world.core, agent: { run } })
  const caller = world.callerOf(randomUUID())
  const hear = async (text: string) => {
    for await (const event of handle({ caller, text, locale: 'en', surface: 'chat', requestId: 'test' }))
      told.push(event)
  }
  await expect(hear('breaks')).rejects.toThrow('the disk is full')
  expect(told).toEqual([])
  const { rows } = await world.admin.query(`SELECT title FROM shelf.books WHERE title = 'Never'`)
  expect(rows).toEqual([])
  await hear('holds')
  expect(told.map(({ type }) => type)).toEqual(['conversation', 'call', 'call', 'text', 'reply'])
})

test('what a turn leaves is put together once its reply is told, and before its events end', async () => {
  const order: string[] = []
  async function* run({ keep }: AgentTurn) {
    keep(async () => (order.push('left'), []))
    yield { type: 'text', delta: 'Said.' } as const
  }
  const { handle } = createConversations({ core: world.core, agent: { run } })
  const caller = world.callerOf(randomUUID())
  const inbound = { caller, text: 'x', locale: 'en', surface: 'chat', requestId: 'test' } as const
  for await (const { type } of handle(inbound)) order.push(type)
  order.push('over')
  expect(order).toEqual(['conversation', 'text', 'reply', 'left', 'over'])
})

test('what a turn used is settled even where what it leaves behind cannot be kept', async () => {
  const caller = world.callerOf(randomUUID())
  const left = async () => [sql`SELECT FROM nowhere`]
  const types: string[] = []
  for await (const { type } of said(world, caller, left)) types.push(type)
  expect(types.at(-1)).toBe('reply')
  expect(await usedBy(world, caller)).toEqual([{ status: 'settled', input_tokens: '7' }])
})

test('whoever closes the core right after a reply waits for what its turn leaves', async () => {
  const closing = await testCore([shelf])
  const caller = closing.callerOf(randomUUID())
  const telling = said(closing, caller, async () => sleep(50, []))[Symbol.asyncIterator]()
  while ((await telling.next()).value?.type !== 'reply');
  await closing.core.close()
  expect(await usedBy(closing, caller)).toEqual([{ status: 'settled', input_tokens: '7' }])
  await closing.close()
})

/** A message, answered by an agent that has used seven tokens and leaves this behind. */
function said({ core }: TestCore, caller: Caller, left: LeftBehind): AsyncIterable<TurnEvent> {
  async function* run({ tab, keep, agent }: AgentTurn) {
    const account = { tenant: caller.tenant.id, agent: agent.id, purpose: 'turn', tab }
    const call = { account, model: 'own/model', pricing: { basis: 'free' }, inputTokens: 7, outputTokens: 3 } as const // prettier-ignore
    const use = { inputTokens: 7, cachedTokens: 0, outputTokens: 3, reasoningTokens: 0, milliseconds: 1, measured: 'reported' } as const // prettier-ignore
    await tab.draw(call)!.settle(use)
    keep(left)
    yield { type: 'text', delta: 'Said.' } as const
  }
  const { handle } = createConversations({ core, agent: { run } })
  return handle({ caller, text: 'x', locale: 'en', surface: 'chat', requestId: 'test' })
}

async function usedBy({ admin }: TestCore, { tenant }: Caller): Promise<object[]> {
  const { rows } = await admin.query<object>('SELECT status, input_tokens FROM platform.usage WHERE tenant_id = $1', [tenant.id]) // prettier-ignore
  return rows
}
