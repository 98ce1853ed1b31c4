import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raw, sql } from '../database/sql.ts'
import { exchangeCount } from '../database/tenantClient.ts'
import type { Fault } from '../errors.ts'
import { testCore, type TestCore } from '../testing/core.ts'
import {
  addBook,
  breakShelf,
  burnBook,
  getBook,
  listBooks,
  mailBook,
  renameBook,
  shelf,
} from '../testing/shelf/shelf.ts'
import type { Caller } from './caller.ts'

describe('invoke', () => {
  let world: TestCore
  const tenant = randomUUID()
  const other = randomUUID()
  let anna: Caller
  let stranger: Caller

  beforeAll(async () => {
    world = await testCore([shelf])
    anna = world.callerOf(tenant)
    stranger = world.callerOf(other)
  })
  afterAll(() => world.close())

  const invoke: TestCore['core']['invoke'] = (operation, input, caller) =>
    world.core.invoke(operation, input, caller)
  const add = async (title: string, caller = anna) => (await invoke(addBook, { title }, caller)).value
  const refusal = (promise: Promise<unknown>): Promise<Fault> => promise.then(() => expect.fail('it was not refused'), (fault: unknown) => fault as Fault) // prettier-ignore
  const trail = async (requestId: string) => {
    const { rows } = await world.admin.query(
      'SELECT operation, outcome, code, input FROM platform.audit WHERE request_id = $1 ORDER BY id',
      [requestId],
    )
    return rows as { operation: string; outcome: string; code: string | null; input: unknown }[]
  }
  const traced = (requestId = randomUUID(), change: Partial<Caller> = {}): Caller => ({
    ...anna,
    ...change,
    origin: { surface: 'rest', requestId },
  })

  test('answers a write with the thing as a read would show it', async () => {
    const book = await add('Niels Lyhne')
    expect((await invoke(getBook, { id: book.id }, anna)).value).toEqual(book)
    const renamed = (await invoke(renameBook, { id: book.id, title: 'Fru Marie' }, anna)).value
    expect(renamed).toMatchObject({ title: 'Fru Marie', version: 2 })
    expect((await invoke(getBook, { id: book.id }, anna)).value).toEqual(renamed)
  })

  test('refuses a change that is based on an older version', async () => {
    const { id } = await add('Ved Vejen')
    await invoke(renameBook, { id, title: 'Ved Vejen, 2. udgave', version: 1 }, anna)
    expect((await refusal(invoke(renameBook, { id, title: 'Stuk', version: 1 }, anna))).code).toBe(
      'version_conflict',
    )
  })

  test('another tenant’s thing is answered exactly as one that does not exist', async () => {
    const book = await add('Pelle Erobreren')
    for (const [operation, input] of [
      [getBook, {}],
      [renameBook, { title: 'x' }],
    ] as const) {
      const theirs = await refusal(invoke(operation, { ...input, id: book.id }, stranger))
      const nobodys = await refusal(invoke(operation, { ...input, id: randomUUID() }, stranger))
      expect([theirs.code, theirs.details]).toEqual([nobodys.code, nobodys.details])
      expect(theirs.code).toBe('not_found')
    }
  })

  test('a unique value of another tenant is free to take', async () => {
    await add('Løgneren')
    await expect(add('Løgneren', stranger)).resolves.toMatchObject({ title: 'Løgneren' })
    expect((await refusal(add('Løgneren'))).code).toBe('already_exists')
  })

  test('refuses wrong input with the field and the reason', async () => {
    const fault = await refusal(invoke(addBook, { title: '', pages: 'many' }, anna))
    expect(fault.code).toBe('invalid_input')
    expect(fault.sentence('en')).toContain('title:')
  })

  test.each([
    ['a NUL byte', 'a\0b'],
    ['half a Unicode character', 'a\ud800b'],
  ])('refuses %s in any text, with a sentence', async (_, title) => {
    const fault = await refusal(invoke(addBook, { title }, anna))
    expect(fault.code).toBe('invalid_input')
    expect(fault.sentence('da')).toContain('title')
  })

  test('refuses what the actor may not do, and says which permission is missing', async () => {
    const reader = { ...anna, permissions: new Set(['shelf.books:read']) }
    const fault = await refusal(invoke(addBook, { title: 'x' }, reader))
    expect([fault.code, fault.details['permission']]).toEqual(['forbidden', 'shelf.books:write'])
  })

  test('a domain that the tenant has switched off is unknown to it', async () => {
    expect((await refusal(invoke(listBooks, {}, { ...anna, domains: new Set() }))).code).toBe('not_found')
  })

  test('what goes wrong half way leaves nothing behind and says nothing of itself', async () => {
    for (const how of ['throws', 'lies', 'destroys'] as const) {
      const fault = await refusal(invoke(breakShelf, { how }, anna))
      expect([fault.code, fault.details]).toEqual(['internal', {}])
    }
    const { items } = (await invoke(listBooks, { limit: 200 }, anna)).value
    expect(items.filter(({ title }) => title.startsWith('half-done'))).toEqual([])
  })

  describe('the trail', () => {
    test('holds the change with the change itself', async () => {
      const caller = traced()
      await invoke(addBook, { title: 'Haabløse Slægter' }, caller)
      expect(await trail(caller.origin.requestId)).toEqual([
        {
          operation: 'shelf.books.create',
          outcome: 'done',
          code: null,
          input: { title: 'Haabløse Slægter' },
        },
      ])
    })

    test('holds a read by the time it is answered', async () => {
      const caller = traced()
      await invoke(listBooks, {}, caller)
      expect(await trail(caller.origin.requestId)).toMatchObject([
        { operation: 'shelf.books.list', outcome: 'done' },
      ])
    })

    test('holds refusals and failures with their code and without what was sent', async () => {
      const caller = traced()
      await refusal(invoke(addBook, { title: '' }, caller))
      await refusal(invoke(breakShelf, { how: 'throws' }, caller))
      expect(await trail(caller.origin.requestId)).toEqual([
        { operation: 'shelf.books.create', outcome: 'refused', code: 'invalid_input', input: null },
        { operation: 'shelf.books.break', outcome: 'failed', code: 'internal', input: null },
      ])
    })

    test('holds nested calls, and no secret', async () => {
      const { id } = await add('Det forsømte foraar')
      const caller = traced()
      await invoke(mailBook, { id, to: 'bente@havneby.example', secret: 'hush' }, caller)
      const lines = await trail(caller.origin.requestId)
      expect(lines.map((line) => line.operation).toSorted()).toEqual(['shelf.books.get', 'shelf.books.mail'])
      expect(JSON.stringify(lines)).not.toContain('hush')
    })

    test('cannot be changed or cleared by what serves requests', async () => {
      for (const statement of ['UPDATE platform.audit SET code = NULL', 'DELETE FROM platform.audit']) {
        const attempt = world.database.transaction(tenant, 'READ WRITE', ({ query }) =>
          query(sql`${raw(statement)}`),
        )
        await expect(attempt).rejects.toMatchObject({ code: '42501' })
      }
    })
  })

  describe('an idempotency key', () => {
    test('gives a repeat the stored answer and does the work once', async () => {
      const caller = { ...anna, idempotencyKey: randomUUID() }
      const [first, second] = [
        await invoke(addBook, { title: 'Kongens Fald' }, caller),
        await invoke(addBook, { title: 'Kongens Fald' }, caller),
      ]
      expect(second.value).toEqual(first.value)
      expect([first.replayed, second.replayed]).toEqual([false, true])
    })

    test('holds when ten calls arrive at once', async () => {
      const caller = { ...anna, idempotencyKey: randomUUID() }
      const calls = Array.from({ length: 10 }, () => invoke(addBook, { title: 'Lykke-Per' }, caller))
      const ids = new Set((await Promise.all(calls)).map(({ value }) => value.id))
      expect(ids.size).toBe(1)
    })

    test('refuses another input under the same key', async () => {
      const caller = { ...anna, idempotencyKey: randomUUID() }
      await invoke(addBook, { title: 'Tine' }, caller)
      expect((await refusal(invoke(addBook, { title: 'Ludvigsbakke' }, caller))).code).toBe(
        'idempotency_mismatch',
      )
    })

    test('is free again after a call that failed', async () => {
      const caller = { ...anna, idempotencyKey: randomUUID() }
      await refusal(invoke(breakShelf, { how: 'throws' }, caller))
      expect((await refusal(invoke(breakShelf, { how: 'throws' }, caller))).code).toBe('internal')
    })

    test('belongs to its tenant', async () => {
      const idempotencyKey = randomUUID()
      const ours = await invoke(addBook, { title: 'Det store bud' }, { ...anna, idempotencyKey })
      const theirs = await invoke(addBook, { title: 'Det store bud' }, { ...stranger, idempotencyKey })
      expect(theirs.value.id).not.toBe(ours.value.id)
    })
  })

  describe('what cannot be undone', () => {
    test('is confirmed first, with its sentence, for exactly that input', async () => {
      const [kept, gone] = [await add('Sult'), await add('Pan')]
      const asked = await refusal(invoke(burnBook, { id: gone.id }, anna))
      expect(asked.code).toBe('confirmation_required')
      expect(asked.sentence('en')).toContain('Pan: Burn the book? It cannot be undone.')
      const confirmed = { ...anna, confirmation: asked.details['confirm'] as string }
      expect((await refusal(invoke(burnBook, { id: kept.id }, confirmed))).code).toBe('confirmation_required')
      expect((await invoke(burnBook, { id: gone.id }, confirmed)).value).toEqual({ id: gone.id })
    })

    test('is not asked about where it is not there, or is another tenant’s', async () => {
      const theirs = await add('Rosa', stranger)
      for (const id of [theirs.id, randomUUID()])
        expect((await refusal(invoke(burnBook, { id }, anna))).code).toBe('not_found')
    })

    test('takes no confirmation of another person or tenant', async () => {
      const { id } = await add('Mysterier')
      const asked = await refusal(invoke(burnBook, { id }, anna))
      const confirmation = asked.details['confirm'] as string
      const colleague = {
        ...anna,
        actor: { ...anna.actor, id: randomUUID() } as Caller['actor'],
        confirmation,
      }
      expect((await refusal(invoke(burnBook, { id }, colleague))).code).toBe('confirmation_required')
    })
  })

  describe('an agent', () => {
    const agent = { kind: 'agent', id: 'assistant', name: 'Assistant', personId: randomUUID() } as const

    test('writes for its person, but neither sends nor destroys by itself', async () => {
      const caller = { ...anna, actor: agent }
      const { id } = await add('Victoria', caller)
      expect((await refusal(invoke(mailBook, { id, to: 'a@b.example' }, caller))).code).toBe(
        'approval_required',
      )
      expect((await refusal(invoke(burnBook, { id }, caller))).code).toBe('approval_required')
    })

    test('writes nothing once the conversation has seen outsiders’ words', async () => {
      const caller = { ...anna, actor: agent, untrusted: true }
      expect((await refusal(add('Markens Grøde', caller))).code).toBe('approval_required')
      await expect(invoke(listBooks, {}, caller)).resolves.toBeDefined()
    })
  })

  test('stores what it tells the rest of the platform with the change', async () => {
    const { id } = await add('Fru Marie Grubbe')
    const { rows } = await world.admin.query(`SELECT type FROM platform.outbox WHERE payload->>'id' = $1`, [
      id,
    ])
    expect(rows).toEqual([{ type: 'shelf.books.added' }])
  })

  test('costs at most three round trips to the database, read or write', async () => {
    const { id } = await add('Den kroniske Uskyld')
    const count = async (call: () => Promise<unknown>): Promise<number> => {
      const before = exchangeCount.exchanges
      await call()
      return exchangeCount.exchanges - before
    }
    expect(await count(() => invoke(listBooks, {}, anna))).toBeLessThanOrEqual(2)
    expect(await count(() => invoke(getBook, { id }, anna))).toBeLessThanOrEqual(2)
    expect(await count(() => add('Barbara'))).toBeLessThanOrEqual(2)
    expect(await count(() => invoke(renameBook, { id, title: 'Uskyld' }, anna))).toBeLessThanOrEqual(2)
  })
})
