import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { sql } from '../database/sql.ts'
import type { Caller } from '../operations/caller.ts'
import { addBook, mailBook, renameBook } from '../testing/shelf/shelf.ts'
import { companyForEachTest, type ApprovalWorld } from './testWorld.ts'

let world: ApprovalWorld
let anna: Caller
let agent: Caller
let book: { readonly id: string; readonly title: string }

const { call, refusal, ask, get, reject, mail, sent } = companyForEachTest((company, opened) => {
  world = opened
  ;({ anna, agent, book } = company)
})

describe('a question', () => {
  test('keeps exactly what was asked, with its hash, and nothing has happened', async () => {
    const { id } = await ask(mailBook, mail())
    const { rows } = await world.admin.query('SELECT * FROM platform.approvals WHERE id = $1', [id])
    expect(rows[0]).toMatchObject({
      tenant_id: anna.tenant.id,
      person_id: anna.actor.id,
      agent_id: 'assistant',
      operation: 'shelf.books.mail',
      effect: 'send',
      plugin_version: '1.0.0',
      deciders: 'permitted',
      status: 'pending',
      input: `{"id":"${book.id}","to":"bente@havneby.example"}`,
      input_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(await sent()).toEqual([])
  })

  test('shows names and values instead of ids, and where it goes, in the reader’s language', async () => {
    const { id, summary } = await ask(mailBook, mail())
    expect(summary).toBe('Løvens gab: Mail the book to bente@havneby.example.')
    const card = await get(id)
    expect(card).toMatchObject({ title: 'Mail a book', personId: anna.actor.id, agentName: 'TekUp' })
    expect(card.fields).toEqual([
      { name: 'id', label: 'About', value: 'Løvens gab', before: null, sink: null },
      { name: 'to', label: 'Recipient', value: 'bente@havneby.example', before: null, sink: 'recipient' },
    ])
    const danish = await get(id, { ...anna, locale: 'da' })
    expect(danish.fields.map(({ label }) => label)).toEqual(['Det gælder', 'Til'])
  })

  test('about a change shows what is there now', async () => {
    const { id } = await ask(renameBook, { id: book.id, title: 'Stuk' }, { ...agent, untrusted: true })
    expect((await get(id)).fields).toContainEqual(
      expect.objectContaining({ name: 'title', value: 'Stuk', before: 'Løvens gab' }),
    )
  })

  test('shows no character that cannot be seen or that turns the text around', async () => {
    const title = 'Til \u202egnp.exe\u2066 \u200bnu\n\n# Godkendt'
    const { id } = await ask(addBook, { title }, { ...agent, untrusted: true })
    expect((await get(id)).fields[0]?.value).toBe('Til gnp.exe nu # Godkendt')
  })

  test('asked again while it waits is the same question, and with another input another one', async () => {
    const first = await ask(mailBook, mail())
    expect((await ask(mailBook, mail())).id).toBe(first.id)
    expect((await ask(mailBook, mail('other@havneby.example'))).id).not.toBe(first.id)
    const key = { ...agent, idempotencyKey: randomUUID() }
    const keyed = await ask(mailBook, mail('third@havneby.example'), key)
    await reject(keyed.id)
    expect((await ask(mailBook, mail('third@havneby.example'), key)).id).toBe(keyed.id)
  })

  test('cannot be altered by what serves requests, nor settled twice', async () => {
    const { id } = await ask(mailBook, mail())
    for (const change of [
      sql`input = '{}'`,
      sql`person_id = ${randomUUID()}`,
      sql`status = 'done'`,
      sql`words = '{}'`,
    ]) {
      const attempt = world.database.transaction(anna.tenant.id, 'READ WRITE', ({ query }) =>
        query(sql`UPDATE platform.approvals SET ${change} WHERE id = ${id}`),
      )
      await expect(attempt).rejects.toThrow(/cannot be changed|does not become|decided_by/)
    }
  })

  test('is stopped before it becomes too many', async () => {
    await world.admin.query(
      `INSERT INTO platform.approvals (tenant_id, id, person_id, agent_id, agent_name, surface, locale, untrusted, operation,
         effect, permission, plugin_version, input, input_hash, words, deciders, expires_at)
       SELECT $1, gen_random_uuid(), $2, 'assistant', 'TekUp', 'chat', 'en', false, 'shelf.books.mail', 'send', 'shelf.books:send',
         '1.0.0', '{}', encode(sha256(n::text::bytea), 'hex'), '{}', 'asker', now() + interval '1 day' FROM generate_series(1, 100) n`,
      [anna.tenant.id, anna.actor.id],
    )
    expect((await refusal(call(mailBook, mail(), agent))).code).toBe('conflict')
  })

  test('is not made of what holds a secret', async () => {
    const fault = await refusal(call(mailBook, { ...mail(), secret: 'hush' }, agent))
    expect(fault.code).toBe('person_required')
  })
})
