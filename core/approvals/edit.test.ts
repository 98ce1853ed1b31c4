import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Caller } from '../operations/caller.ts'
import { operation } from '../operations/operation.ts'
import { addBook, burnBook, listBooks, mailBook, renameBook } from '../testing/shelf/shelf.ts'
import { editableFields } from './editable.ts'
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

interface Form {
  readonly fields: readonly { readonly name: string; readonly value: unknown }[]
  readonly fixed: readonly { readonly name: string; readonly value: string }[]
}
const formOf = (id: string, caller = anna): Promise<Form> => call('platform.approvals.form', { id }, caller)
const elsewhere = { changes: { to: 'karen@havneby.example' } }
const talkedOver = () => ({ ...agent, untrusted: true })
const stored = async (id: string) =>
  (await world.admin.query('SELECT * FROM platform.approvals WHERE id = $1', [id])).rows[0]

describe('a person who approves with other values', () => {
  test('has those carried out, once, and what was asked is kept beside them', async () => {
    const { id } = await ask(mailBook, mail())
    const done = await approve(id, mikkel, elsewhere)
    expect(done).toMatchObject({
      status: 'done',
      decidedBy: mikkel.actor.id,
      summary: 'Løvens gab: Mail the book to karen@havneby.example.',
      changes: [
        { name: 'to', label: 'Recipient', asked: 'bente@havneby.example', value: 'karen@havneby.example' },
      ],
    })
    expect(done.fields).toContainEqual(expect.objectContaining({ name: 'to', value: 'karen@havneby.example', sink: 'recipient' })) // prettier-ignore
    expect(await sent()).toEqual(['karen@havneby.example'])
    expect(await stored(id)).toMatchObject({
      input: `{"id":"${book.id}","to":"bente@havneby.example"}`,
      changed_input: `{"id":"${book.id}","to":"karen@havneby.example"}`,
    })
  })

  test('leaves both in the trail: what they changed, and what was done', async () => {
    const { id } = await ask(mailBook, mail())
    await approve(id, mikkel, elsewhere)
    const { rows } = await world.admin.query(
      `SELECT operation, input FROM platform.audit WHERE tenant_id = $1 AND outcome = 'done'
        AND operation IN ('platform.approvals.approve', 'shelf.books.mail') ORDER BY at`,
      [anna.tenant.id],
    )
    expect(rows).toContainEqual({ operation: 'platform.approvals.approve', input: { id, ...elsewhere } })
    expect(rows).toContainEqual({ operation: 'shelf.books.mail', input: { id: book.id, to: 'karen@havneby.example' } }) // prettier-ignore
  })

  test('may fill in what the agent left out, and take out what may be left out', async () => {
    const added = await ask(addBook, { title: 'Stuk', pages: 3 }, talkedOver())
    await approve(added.id, anna, { changes: { pages: null } })
    const filled = await ask(addBook, { title: 'Fru Marie Grubbe' }, talkedOver())
    expect(await approve(filled.id, anna, { changes: { pages: 12 } })).toMatchObject({
      changes: [{ name: 'pages', asked: '–', value: '12' }],
    })
    const { items } = (await call(listBooks, {}, anna)) as { items: { title: string; pages: number }[] }
    expect(items).toMatchObject([
      { title: 'Fru Marie Grubbe', pages: 12 },
      { title: 'Løvens gab' },
      { title: 'Stuk', pages: 1 },
    ])
  })

  test('sees what stands there now beside what they make of it', async () => {
    const { id } = await ask(renameBook, { id: book.id, title: 'Stuk' }, talkedOver())
    const done = await approve(id, anna, { changes: { title: 'Fru Marie Grubbe' } })
    expect(done.fields).toContainEqual(expect.objectContaining({ name: 'title', before: 'Løvens gab', value: 'Fru Marie Grubbe' })) // prettier-ignore
    expect(done.changes).toMatchObject([{ asked: 'Stuk', value: 'Fru Marie Grubbe' }])
  })

  test('who changes nothing approves what was asked', async () => {
    const { id } = await ask(mailBook, mail())
    expect(await approve(id, anna, { changes: { to: 'bente@havneby.example' } })).toMatchObject({
      status: 'done',
      changes: [],
    })
    expect((await stored(id)).changed_input).toBeNull()
  })

  test('is told which value does not hold, and the question stays open', async () => {
    const { id } = await ask(mailBook, mail())
    const wrong = await refusal(approve(id, anna, { changes: { to: 'nobody' } }))
    expect([wrong.code, wrong.details['issues']]).toMatchObject(['invalid_input', [{ path: 'changes.to' }]])
    const unreadable = await refusal(approve(id, anna, { changes: { to: 'a\0b@havneby.example' } }))
    expect(unreadable.code).toBe('invalid_input')
    expect([(await get(id)).status, await sent()]).toEqual(['pending', []])
  })

  test('changes neither which thing it is about, nor what is secret, nor what nobody knows', async () => {
    const { id } = await ask(mailBook, mail())
    const other = (await call(addBook, { title: 'Stuk' }, anna)) as { id: string }
    for (const changes of [
      { id: other.id },
      { secret: 's' },
      { bcc: 'thief@elsewhere.example' },
      { __proto__x: 1 },
    ]) {
      const refused = await refusal(approve(id, anna, { changes }))
      expect([refused.code, refused.details['issues']]).toMatchObject(['invalid_input', [{ path: `changes.${Object.keys(changes)[0]}` }]]) // prettier-ignore
    }
    expect(await sent()).toEqual([])
  })

  test('does not always allow what they have changed', async () => {
    const { id } = await ask(mailBook, mail())
    expect((await refusal(approve(id, anna, { ...elsewhere, always: {} }))).code).toBe('conflict')
    expect((await get(id)).status).toBe('pending')
  })

  test('is nobody who may not do the same themselves, no agent and no job', async () => {
    const { id } = await ask(mailBook, mail())
    const permissions = new Set([...mikkel.permissions].filter((each) => each !== 'shelf.books:send'))
    expect((await refusal(approve(id, { ...mikkel, permissions }, elsewhere))).code).toBe('not_found')
    expect((await refusal(formOf(id, { ...mikkel, permissions }))).code).toBe('not_found')
    const job: Caller = { ...anna, actor: { kind: 'job', id: 'nightly', name: 'Nightly' } }
    for (const caller of [agent, job]) {
      expect((await refusal(approve(id, caller, elsewhere))).code).toBe('person_required')
      expect((await refusal(formOf(id, caller))).code).toBe('person_required')
    }
    const stranger = world.callerOf(randomUUID(), { actor: anna.actor })
    expect((await refusal(approve(id, stranger, elsewhere))).code).toBe('not_found')
    expect(await sent()).toEqual([])
  })
})

describe('two who settle it at once', () => {
  test('are one who changed it or one who did not: it is done once, as the record says', async () => {
    const { id } = await ask(mailBook, mail())
    const answers = await Promise.allSettled([
      approve(id, anna),
      approve(id, mikkel, elsewhere),
      reject(id, mikkel),
    ])
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const { status, changes } = await get(id)
    const address = changes.length > 0 ? 'karen@havneby.example' : 'bente@havneby.example'
    expect(await sent()).toEqual(status === 'done' ? [address] : [])
  })

  test('hear that somebody changed it, also the same person elsewhere', async () => {
    const { id } = await ask(mailBook, mail())
    await approve(id, anna, elsewhere)
    expect(await approve(id, anna, elsewhere)).toMatchObject({ status: 'done' })
    for (const [person, more] of [[anna, {}], [anna, { changes: { to: 'ida@havneby.example' } }], [mikkel, elsewhere]] as const) // prettier-ignore
      expect((await refusal(approve(id, person, more))).sentence('en')).toContain('has changed it and approved it.') // prettier-ignore
    expect((await refusal(formOf(id, mikkel))).code).toBe('approval_settled')
    expect(await sent()).toEqual(['karen@havneby.example'])
  })
})

describe('what was changed does not hold any longer', () => {
  test('when the plugin has another version', async () => {
    const { id } = await ask(mailBook, mail())
    await inRow(id, `plugin_version = '0.9.0'`)
    expect((await refusal(formOf(id))).code).toBe('approval_void')
    expect((await refusal(approve(id, anna, elsewhere))).code).toBe('approval_void')
    expect(await approve(id)).toMatchObject({ status: 'void' })
  })

  test('when the thing has been changed since the card was made', async () => {
    const { id } = await ask(mailBook, mail())
    await call(renameBook, { id: book.id, title: 'Another book' }, mikkel)
    expect(await approve(id, anna, elsewhere)).toMatchObject({ status: 'void' })
    expect(await sent()).toEqual([])
  })

  test('when what is kept of it was tampered with, and nobody changes it afterwards', async () => {
    const { id } = await ask(mailBook, mail())
    world.changed.set(anna.actor.id, null)
    await approve(id, mikkel, elsewhere)
    const change = world.admin.query(`UPDATE platform.approvals SET changed_input = '{}' WHERE id = $1`, [id])
    await expect(change).rejects.toThrow('cannot be changed')
    world.changed.delete(anna.actor.id)
    const other = await ask(mailBook, mail())
    const words = JSON.stringify({ da: { changes: [] }, en: { changes: [] } })
    await inRow(other.id, `status = 'approved', decided_by = '${mikkel.actor.id}', decided_at = now(), changed_input = '{"id":"${book.id}","to":"thief@elsewhere.example"}', changed_hash = input_hash, changed_words = '${words}'`) // prettier-ignore
    await world.core.approvals.carryOut(anna.tenant.id, other.id)
    expect((await stored(other.id)).status).toBe('void')
    expect(await sent()).toEqual([])
  })
})

describe('the form', () => {
  test('has what may be changed with what was asked, and says what stays', async () => {
    const { id } = await ask(mailBook, mail())
    expect(await formOf(id)).toMatchObject({
      fields: [{ name: 'to', label: 'Recipient', type: 'text', required: true, sink: 'recipient', value: 'bente@havneby.example' }], // prettier-ignore
      fixed: [{ name: 'id', value: 'Løvens gab' }],
    })
    expect((await get(id)).editableFields).toEqual(['to'])
  })

  test('is not offered where a call is nothing but which thing it is about', async () => {
    const { id } = await ask(burnBook, { id: book.id })
    expect((await get(id)).editableFields).toEqual([])
  })

  test('leaves out what no single field takes: ids, lists, things in things, files and secrets', () => {
    const nested = operation({
      name: 'shelf.parcels.send',
      summary: 'Send a parcel',
      effect: 'send',
      input: z.object({
        id: z.uuid(),
        shelfId: z.string().meta({ refers: 'shelf.shelves' }),
        other: z.uuid().optional(),
        to: z.array(z.object({ address: z.email() })).meta({ sink: 'recipient' }),
        tags: z.array(z.string()).optional(),
        raw: z.string().meta({ kind: 'json' }),
        picture: z.string().meta({ kind: 'file' }),
        password: z.string().optional().meta({ secret: true }),
        text: z.string().nullish(),
        on: z.iso.date().optional(),
        at: z.iso.datetime().optional(),
        size: z.enum(['small', 'large']).default('small'),
        price: z.int().meta({ kind: 'money' }),
        express: z.boolean().optional(),
        version: z.int().optional(),
      }),
      output: z.object({}),
      run: () => ({}),
    })
    expect(editableFields(nested)).toEqual(['text', 'on', 'at', 'size', 'price', 'express'])
  })
})

test('the agent is told what was really done, and by whose word', async () => {
  const conversation = randomUUID()
  await world.admin.query(
    `INSERT INTO platform.conversations (tenant_id, id, person_id, title) VALUES ($1, $2, $3, 'Mail')`,
    [anna.tenant.id, conversation, anna.actor.id],
  )
  const inChat: Caller = { ...agent, origin: { surface: 'chat', requestId: 'chat-1', conversation } }
  const approval = await ask(mailBook, mail(), inChat)
  const waiting = [{ id: 'call', operation: 'shelf.books.mail', title: 'Mail', input: mail(), status: 'waiting', approval }] // prettier-ignore
  await world.admin.query(
    `INSERT INTO platform.messages (tenant_id, id, conversation_id, person_id, role, text, locale, status, calls, at)
      VALUES ($1, $2, $3, $4, 'agent', 'I have asked.', 'en', 'done', $5, now())`,
    [anna.tenant.id, randomUUID(), conversation, anna.actor.id, JSON.stringify(waiting)],
  )
  await approve(approval.id, mikkel, elsewhere)
  const read = (await call('platform.messages.list', { conversationId: conversation }, anna)) as unknown as { items: { text: string; calls: unknown[] }[] } // prettier-ignore
  const told = read.items.map(({ text }) => text).join('\n')
  expect(told).toContain('changed it (Recipient: karen@havneby.example) and said yes. Mail a book.')
  expect(read.items.flatMap(({ calls }) => calls)).toMatchObject([
    { status: 'done', input: { id: book.id, to: 'karen@havneby.example' } },
  ])
})
