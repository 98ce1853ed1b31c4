import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Caller } from '../operations/caller.ts'
import { burnBook, mailBook, renameBook } from '../testing/shelf/shelf.ts'
import { companyForEachTest, type ApprovalWorld } from './testWorld.ts'

let world: ApprovalWorld
let anna: Caller
let mikkel: Caller
let agent: Caller
let book: { readonly id: string; readonly title: string }

const { call, refusal, ask, get, approve, reject, mail, sent, inRow } = companyForEachTest(
  (company, opened) => {
    world = opened
    ;({ anna, mikkel, agent, book } = company)
  },
)

describe('a person', () => {
  test('says yes, and exactly that is done once, as the agent for whoever asked', async () => {
    const { id } = await ask(mailBook, mail())
    const done = await approve(id, mikkel)
    expect(done).toMatchObject({ status: 'done', outcome: 'Mail a book.', decidedBy: mikkel.actor.id })
    expect(await sent()).toEqual(['bente@havneby.example'])
    const { rows } = await world.admin.query(
      `SELECT actor_kind, person_id FROM platform.audit WHERE tenant_id = $1 AND operation = 'shelf.books.mail' AND outcome = 'done'`,
      [anna.tenant.id],
    )
    expect(rows).toEqual([{ actor_kind: 'agent', person_id: anna.actor.id }])
  })

  test('says no, and it is not done; nobody can say yes afterwards', async () => {
    const { id } = await ask(mailBook, mail())
    expect(await reject(id)).toMatchObject({
      status: 'rejected',
      outcome: 'Anna said no, so it was not done.',
    })
    const late = await refusal(approve(id, mikkel))
    expect(late.code).toBe('approval_settled')
    expect(await sent()).toEqual([])
  })

  test('takes back what was asked for them, whatever they may do; a colleague does not', async () => {
    const { id } = await ask(mailBook, mail())
    const withdraw = (caller: Caller) => call('platform.approvals.withdraw', { id }, caller)
    expect((await refusal(withdraw(mikkel))).code).toBe('not_found')
    const poor = { ...anna, permissions: new Set(['platform.approvals:write']) }
    expect(await withdraw(poor)).toMatchObject({ status: 'rejected', decidedBy: anna.actor.id })
    expect(await withdraw(poor)).toMatchObject({ status: 'rejected' })
    expect((await refusal(approve(id, mikkel))).code).toBe('approval_settled')
    expect(await sent()).toEqual([])
  })

  test('presses twice and hears the same; another hears that it is settled', async () => {
    const { id } = await ask(mailBook, mail())
    await approve(id)
    expect(await approve(id)).toMatchObject({ status: 'done' })
    expect((await refusal(reject(id))).code).toBe('approval_settled')
    expect((await refusal(approve(id, mikkel))).code).toBe('approval_settled')
    expect(await sent()).toHaveLength(1)
  })

  test('among ten who press at once is the one, and it is done once', async () => {
    const { id } = await ask(burnBook, { id: book.id })
    const people = Array.from({ length: 10 }, (_, index) =>
      world.callerOf(anna.tenant.id, {
        actor: { kind: 'person', id: randomUUID(), name: `Person ${index}` },
      }),
    )
    const answers = await Promise.allSettled(
      people.map((person, index) => (index % 3 === 0 ? reject(id, person) : approve(id, person))),
    )
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const { status } = await get(id)
    const gone = await refusal(call('shelf.books.get', { id: book.id }, anna)).catch(() => undefined)
    expect(gone?.code === 'not_found').toBe(status === 'done')
  })

  test('who may not do the same themselves neither sees nor decides it', async () => {
    const { id } = await ask(mailBook, mail())
    const permissions = new Set([...mikkel.permissions].filter((each) => each !== 'shelf.books:send'))
    const colleague = { ...mikkel, permissions }
    expect((await refusal(get(id, colleague))).code).toBe('not_found')
    expect((await refusal(approve(id, colleague))).code).toBe('not_found')
    const { items } = (await call('platform.approvals.list', {}, colleague)) as { items: unknown[] }
    expect(items).toEqual([])
    expect((await refusal(approve(id, { ...anna, permissions }))).code).toBe('forbidden')
  })

  test('alone decides on what is their own', async () => {
    const key = { name: 'Robot', email: 'robot@havneby.example', role: 'employee' }
    const { id } = await ask(
      world.core.registry.find('platform.invitations.create')!,
      { email: key.email },
      agent,
    )
    expect((await refusal(approve(id, mikkel))).code).toBe('not_found')
    expect((await get(id)).status).toBe('pending')
  })

  test('of another company finds nothing', async () => {
    const { id } = await ask(mailBook, mail())
    const stranger = world.callerOf(randomUUID(), { actor: anna.actor })
    for (const attempt of [get, approve, reject])
      expect((await refusal(attempt(id, stranger))).code).toBe('not_found')
  })

  test('lets a key decide only when its scopes say so in so many words', async () => {
    const key = async (scopes: string[]): Promise<Caller> => {
      const id = randomUUID()
      await world.admin.query(`SET session_replication_role = replica; INSERT INTO platform.api_keys (tenant_id, id, person_id, name, scopes, secret_hash) VALUES ('${anna.tenant.id}', '${id}', '${anna.actor.id}', 'Robot', '{${scopes.join()}}', ''); SET session_replication_role = origin`) // prettier-ignore
      return { ...anna, actor: { kind: 'key', id, name: 'Robot', personId: anna.actor.id } }
    }
    const { id } = await ask(mailBook, mail())
    const wide = await refusal(approve(id, await key(['*.*:*', 'platform.*:write'])))
    expect([wide.code, wide.details['permission']]).toEqual(['forbidden', 'platform.approvals:write'])
    expect(await approve(id, await key(['platform.approvals:write']))).toMatchObject({ status: 'done' })
  })

  test('is a person: no agent and no job decides, whatever they may do', async () => {
    const { id } = await ask(mailBook, mail())
    const job: Caller = { ...anna, actor: { kind: 'job', id: 'nightly', name: 'Nightly' } }
    for (const caller of [agent, job])
      for (const attempt of [approve, reject])
        expect((await refusal(attempt(id, caller))).code).toBe('person_required')
    expect(await sent()).toEqual([])
  })
})

describe('an approval that no longer holds is not carried out, and says why', () => {
  const cases: [string, () => void, RegExp][] = [
    ['the asker has lost the permission', () => world.changed.set(anna.actor.id, { permissions: new Set() }), /Anna may not/],
    ['the asker has left', () => world.changed.set(anna.actor.id, null), /no longer in the company/],
    ['the decider has lost the permission', () => world.changed.set(mikkel.actor.id, { permissions: new Set() }), /who approved/],
    ['the domain is switched off', () => world.changed.set(anna.actor.id, { domains: new Set() }), /switched off/],
  ] // prettier-ignore
  test.each(cases)('when %s', async (_, change, reason) => {
    const { id } = await ask(mailBook, mail())
    change()
    const settled = await approve(id, mikkel)
    expect(settled.status).toBe('void')
    expect(settled.outcome).toMatch(reason)
    expect(await sent()).toEqual([])
  })

  test('when the plugin has another version', async () => {
    const { id } = await ask(mailBook, mail())
    await inRow(id, `plugin_version = '0.9.0'`)
    expect(await approve(id)).toMatchObject({ status: 'void', outcome: expect.stringContaining('updated') })
    expect(await sent()).toEqual([])
  })

  test('when the thing has been changed since the card was made', async () => {
    const { id } = await ask(mailBook, mail())
    await call(renameBook, { id: book.id, title: 'Another book' }, mikkel)
    expect(await approve(id)).toMatchObject({
      status: 'void',
      outcome: expect.stringContaining('changed or removed since you saw it'),
    })
    expect(await sent()).toEqual([])
  })

  test('when nobody answered in time', async () => {
    const { id } = await ask(mailBook, mail())
    await inRow(id, `expires_at = now() - interval '1 second'`)
    expect((await refusal(approve(id))).code).toBe('approval_expired')
    expect((await get(id)).status).toBe('expired')
    await world.core.approvals.recover()
    expect(await get(id)).toMatchObject({ outcome: expect.stringContaining('Nobody answered in time') })
    expect(await sent()).toEqual([])
  })

  test('when its stored input was tampered with', async () => {
    const { id } = await ask(mailBook, mail())
    await inRow(id, `input = '{"id":"${book.id}","to":"thief@elsewhere.example"}'`)
    expect(await approve(id)).toMatchObject({ status: 'void' })
    expect(await sent()).toEqual([])
  })
})

test('a call that names an approval runs only as that approval says', async () => {
  const { id } = await ask(mailBook, mail())
  const claiming = { ...agent, approval: id }
  expect((await refusal(call(mailBook, mail(), claiming))).code).toBe('approval_settled')
  await world.admin.query(`UPDATE platform.approvals SET status = 'approved', decided_by = $2, decided_at = now() WHERE id = $1`, [id, mikkel.actor.id]) // prettier-ignore
  const elsewhere = mail('thief@elsewhere.example')
  expect((await refusal(call(mailBook, elsewhere, claiming))).code).toBe('approval_settled')
  expect((await refusal(call(burnBook, { id: book.id }, claiming))).code).toBe('approval_settled')
  expect(await sent()).toEqual([])
  await call(mailBook, mail(), claiming)
  expect((await refusal(call(mailBook, mail(), claiming))).code).toBe('approval_settled')
  expect(await sent()).toEqual(['bente@havneby.example'])
})

test('what was approved and refuses to be done is said, and is not tried again', async () => {
  const { id } = await ask(burnBook, { id: randomUUID() })
  expect(await approve(id)).toMatchObject({
    status: 'failed',
    outcome: expect.stringContaining('does not exist'),
  })
})
