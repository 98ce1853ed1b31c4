import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import { raw, sql } from '../../database/sql.ts'
import { fail } from '../../errors.ts'
import { eventType } from '../../events/event.ts'
import type { ReadContext, WriteContext } from '../../operations/context.ts'
import { operation } from '../../operations/operation.ts'
import { plugin } from '../../operations/plugin.ts'
import { settings } from '../../settings/settings.ts'
import { getOperation, idOf, listOperation } from '../../resources/reads.ts'
import { filter, itemStatement, resource } from '../../resources/resource.ts'
import { BookModel, initBook } from './book.model.ts'
import da from './locales/da.json' with { type: 'json' }
import en from './locales/en.json' with { type: 'json' }

/** The smallest domain that has everything a domain has: what the core's own tests run on. */
const Book = z.object({
  id: z.uuid(),
  title: z.string(),
  pages: z.int(),
  version: z.int(),
  createdAt: z.iso.datetime({ offset: true }),
})

const books = resource({
  table: 'shelf.books',
  item: Book,
  filters: { minimumPages: filter(z.int(), (pages) => sql`t.pages >= ${pages}`) },
  sorts: {
    title: { expression: raw('t.title'), type: 'text' },
    pages: { expression: raw('t.pages'), type: 'integer' },
  },
  defaultSort: 'title',
})

const bookAdded = eventType({ name: 'shelf.books.added', version: 1, payload: z.object({ id: z.uuid() }) })

async function bookById(context: ReadContext | WriteContext, id: string): Promise<z.output<typeof Book>> {
  const [row] = await context.query<{ json: string }>(itemStatement(books, id))
  return row ? Book.parse(JSON.parse(row.json)) : fail('not_found')
}

/** `lends` is a feature flag. */
export const shelfSettings = settings(
  'shelf',
  z.object({
    usualPages: z.int().min(1).max(1_000).default(1),
    lends: z.boolean().default(true),
    binding: z.enum(['paper', 'cloth']).default('paper'),
  }),
)

const title = z.string().trim().min(1).max(200)

export const listBooks = listOperation(books, { name: 'shelf.books.list', summary: 'List the books' })
export const getBook = getOperation(books, { name: 'shelf.books.get', summary: 'Get one book' })

export const addBook = operation({
  name: 'shelf.books.create',
  summary: 'Add a book',
  effect: 'write',
  input: z.strictObject({ title, pages: z.int().min(1).max(100_000).optional() }),
  output: Book,
  async run(input, context) {
    const id = uuidv7()
    const { usualPages } = await context.settings(shelfSettings)
    const [, book] = await context.pipeline(
      () => BookModel.create({ pages: usualPages, ...input, id, tenantId: context.tenant.id }),
      () => bookById(context, id),
    )
    context.emit(bookAdded, { id })
    return book
  },
})

export const renameBook = operation({
  name: 'shelf.books.update',
  summary: 'Give a book another title',
  effect: 'write',
  input: z.strictObject({ id: idOf(books), title, version: z.int().optional() }),
  output: Book,
  async run({ id, title: newTitle, version }, context) {
    const where = { tenantId: context.tenant.id, id, ...(version !== undefined && { version }) }
    const [[changed], book] = await context.pipeline(
      () => BookModel.update({ title: newTitle }, { where }),
      () => bookById(context, id),
    )
    return changed === 0 ? fail('version_conflict') : book
  },
})

export const burnBook = operation({
  name: 'shelf.books.delete',
  summary: 'Burn a book',
  effect: 'destroy',
  input: z.strictObject({ id: idOf(books) }),
  output: z.object({ id: z.uuid() }),
  async run({ id }, context) {
    const gone = await BookModel.destroy({ where: { tenantId: context.tenant.id, id } })
    return gone === 0 ? fail('not_found') : { id }
  },
})

export const mailBook = operation({
  name: 'shelf.books.mail',
  summary: 'Send a book to somebody',
  effect: 'send',
  input: z.strictObject({
    id: idOf(books),
    to: z.email().meta({ sink: 'recipient' }),
    secret: z.string().optional().meta({ secret: true }),
  }),
  output: z.object({ sent: z.boolean() }),
  run: ({ id, to }, context) => post(context, id, to),
})

/** Like mailing, without a secret: so agents are offered it. */
export const lendBook = operation({
  name: 'shelf.books.lend',
  summary: 'Offer a book to somebody by letter',
  effect: 'send',
  input: z.strictObject({ id: idOf(books), to: z.email().meta({ sink: 'recipient' }) }),
  output: z.object({ sent: z.boolean() }),
  async run({ id, to }, context) {
    const { lends } = await context.settings(shelfSettings)
    return lends ? post(context, id, to) : fail('conflict', { reason: notLent })
  },
})

const notLent = { da: 'biblioteket udlåner ikke.', en: 'the library lends nothing.' }

async function post(context: WriteContext, id: string, to: string): Promise<{ sent: boolean }> {
  const { title: about } = await context.call(getBook, { id })
  await context.query(sql`
    INSERT INTO shelf.letters (tenant_id, id, way, address, text)
    VALUES (${context.tenant.id}, ${uuidv7()}, 'out', ${to}, ${about})`)
  return { sent: true }
}

const Letter = z.object({ id: z.uuid(), text: z.string(), createdAt: z.iso.datetime({ offset: true }) })

/** What strangers wrote: whoever reads it has read words of outsiders. */
export const listLetters = listOperation(
  resource({
    table: 'shelf.letters',
    item: Letter,
    sorts: { createdAt: { expression: raw('t.created_at'), type: 'timestamptz' } },
    defaultSort: '-createdAt',
    visible: () => sql`t.way = 'in'`,
  }),
  { name: 'shelf.letters.list', summary: 'Read the letters that came in', untrusted: true },
)

export const breakShelf = operation({
  name: 'shelf.books.break',
  summary: 'Go wrong half way',
  effect: 'write',
  input: z.strictObject({ how: z.enum(['throws', 'lies', 'destroys']) }),
  output: z.object({ ok: z.literal(true) }),
  async run({ how }, context) {
    const book = await context.call(addBook, { title: `half-done ${how}` })
    if (how === 'throws') throw new Error('the shelf broke')
    if (how === 'destroys') await context.call(burnBook, { id: book.id })
    return { ok: false } as never
  },
})

export const shelf = plugin({
  name: 'shelf',
  version: '1.0.0',
  operations: [
    listBooks,
    getBook,
    addBook,
    renameBook,
    burnBook,
    mailBook,
    lendBook,
    listLetters,
    breakShelf,
  ],
  settings: shelfSettings,
  events: [bookAdded],
  locales: { da, en },
  migrations: new URL('./migrations/', import.meta.url),
  models: [initBook],
})
