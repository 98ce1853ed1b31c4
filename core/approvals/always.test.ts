import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Caller } from '../operations/caller.ts'
import { addBook, burnBook, mailBook, renameBook } from '../testing/shelf/shelf.ts'
import { companyForEachTest, type ApprovalWorld } from './testWorld.ts'

let world: ApprovalWorld
let anna: Caller
let mikkel: Caller
let agent: Caller
let book: { readonly id: string; readonly title: string }

const { call, refusal, ask, get, approve, mail, sent } = companyForEachTest((company, opened) => {
  world = opened
  ;({ anna, mikkel, agent, book } = company)
})

describe('“always allow this”', () => {
  const always = { always: {} }
  const listed = async (caller = anna) =>
    ((await call('platform.grants.list', {}, caller)) as { items: { id: string; uses: number }[] }).items

  test('lets the same agent do the same to the same address for the same person, and nothing else', async () => {
    await approve((await ask(mailBook, mail())).id, anna, always)
    await call(mailBook, mail(), agent)
    const other = (await call(addBook, { title: 'Fru Marie' }, anna)) as { id: string }
    await call(mailBook, { id: other.id, to: 'bente@havneby.example' }, agent)
    expect(await sent()).toHaveLength(3)
    await ask(mailBook, mail('thief@elsewhere.example'))
    await ask(mailBook, mail(), { ...agent, actor: { ...agent.actor, id: 'other' } as Caller['actor'] })
    const forMikkel = { ...agent, actor: { ...agent.actor, personId: mikkel.actor.id } as Caller['actor'] }
    await ask(mailBook, mail(), forMikkel)
    expect(await listed()).toMatchObject([{ uses: 2, title: 'Mail a book', fields: [{ name: 'to' }] }])
  })

  test('can hold more than the address', async () => {
    await approve((await ask(mailBook, mail())).id, anna, { always: { fields: ['id'] } })
    const other = (await call(addBook, { title: 'Fru Marie' }, anna)) as { id: string }
    await call(mailBook, mail(), agent)
    await ask(mailBook, { id: other.id, to: 'bente@havneby.example' })
  })

  test('holds in a conversation that has seen outsiders’ words only for what says where it goes', async () => {
    const talkedOver = { ...agent, untrusted: true }
    await approve((await ask(mailBook, mail(), talkedOver)).id, anna, always)
    await call(mailBook, mail(), talkedOver)
    await ask(mailBook, mail('thief@elsewhere.example'), talkedOver)
    const rename = await ask(renameBook, { id: book.id, title: 'Stuk' }, talkedOver)
    expect((await get(rename.id)).alwaysFields).toEqual([])
    expect((await refusal(approve(rename.id, anna, always))).code).toBe('conflict')
  })

  test('is never had for what cannot be undone, nor by anybody else', async () => {
    const { id } = await ask(burnBook, { id: book.id })
    expect((await refusal(approve(id, anna, always))).code).toBe('conflict')
    const mailing = await ask(mailBook, mail())
    expect((await refusal(approve(mailing.id, mikkel, always))).code).toBe('conflict')
    expect((await get(mailing.id)).status).toBe('pending')
  })

  test('is taken back, and runs out', async () => {
    await approve((await ask(mailBook, mail())).id, anna, always)
    const [grant] = await listed()
    await call('platform.grants.delete', { id: grant!.id }, anna)
    await ask(mailBook, mail())
    await approve((await ask(mailBook, mail())).id, anna, always)
    await world.admin.query(`UPDATE platform.grants SET expires_at = now() WHERE tenant_id = $1`, [
      anna.tenant.id,
    ])
    await ask(mailBook, mail())
    expect(await listed()).toEqual([])
  })

  test('is seen and taken back by whoever steers the company, and by no other colleague', async () => {
    await approve((await ask(mailBook, mail())).id, anna, always)
    const [grant] = await listed(mikkel)
    const permissions = new Set(
      [...mikkel.permissions].filter((each) => each !== 'platform.approvalPolicy:write'),
    )
    expect(await listed({ ...mikkel, permissions })).toEqual([])
    const attempt = call('platform.grants.delete', { id: grant!.id }, { ...mikkel, permissions })
    expect((await refusal(attempt)).code).toBe('not_found')
    await call('platform.grants.delete', { id: grant!.id }, mikkel)
  })

  test('does not make a question that is asked again run beside its approval', async () => {
    const key = { ...agent, idempotencyKey: randomUUID() }
    const { id } = await ask(mailBook, mail(), key)
    await approve(id, anna, always)
    expect((await ask(mailBook, mail(), key)).id).toBe(id)
    expect(await sent()).toHaveLength(1)
  })
})

describe('the company’s policy', () => {
  const choose = (input: object, caller = anna) => call('platform.approvalPolicy.update', input, caller)

  test('makes agents ask before every change, and people not', async () => {
    await call(addBook, { title: 'Before' }, agent)
    await choose({ writes: true })
    const { id } = await ask(addBook, { title: 'After' })
    expect((await get(id)).alwaysFields).toEqual([])
    await call(addBook, { title: 'By hand' }, anna)
    expect(await approve(id)).toMatchObject({ status: 'done' })
  })

  test('makes agents ask before one operation', async () => {
    await choose({ operations: ['shelf.books.update'] })
    await call(addBook, { title: 'Free' }, agent)
    const { id } = await ask(renameBook, { id: book.id, title: 'Asked' })
    expect((await get(id)).alwaysFields).toEqual(['id'])
  })

  test('is another company’s own, is changed by people alone, and takes only changes by name', async () => {
    await choose({ writes: true })
    const stranger = { ...agent, tenant: { id: randomUUID(), name: 'Other' } }
    await call(addBook, { title: 'Theirs' }, stranger)
    expect((await refusal(choose({ writes: false }, agent))).code).toBe('person_required')
    for (const name of ['shelf.books.list', 'shelf.books.mail', 'no.such.thing'])
      expect((await refusal(choose({ operations: [name] }))).code).toBe('invalid_input')
  })
})
