import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '../testing/database.ts'
import { createLogger } from './log.ts'

/** The line that is written of an error. */
function lineOf(err: unknown): string {
  const lines: string[] = []
  const log = createLogger({ level: 'info', format: 'json', to: { write: (line) => void lines.push(line) } })
  log.error({ err }, 'it went wrong')
  return lines.join('')
}

const saidOf = (err: unknown) => (JSON.parse(lineOf(err)) as { err: object }).err

test('A line of an error says what it is, where it happened, its code and what was behind it', () => {
  const behind = Object.assign(new TypeError('the well is dry'), { code: 'EDRY' })
  expect(saidOf(new Error('no water', { cause: behind }))).toEqual({
    type: 'Error',
    message: 'no water',
    stack: expect.stringContaining('errors.test.ts'),
    cause: { type: 'TypeError', message: 'the well is dry', stack: expect.any(String), code: 'EDRY' },
  })
  expect(saidOf(new AggregateError([behind], 'both ways'))).toMatchObject({ errors: [{ code: 'EDRY' }] })
  expect(saidOf('a word')).toEqual({ type: 'string', message: 'a word' })
})

test('Errors that are the cause of each other end', () => {
  const [one, other] = [new Error('one'), new Error('other')]
  one.cause = other
  other.cause = one
  expect(lineOf(one)).toContain('other')
})

test('No password of an address and nothing that hangs on an error reaches a line', () => {
  const characters = [...'abcXYZ0189@:%!$*-_']
  const password = fc.string({ unit: fc.constantFrom(...characters), minLength: 12 })
  fc.assert(
    fc.property(password, (secret) => {
      const address = `postgres://tekup:${secret}@db.example:5432/tekup`
      const cause = Object.assign(new Error(`refused by ${address}`), { input: address })
      const error = Object.assign(new Error(`no way to ${address}`, { cause }), {
        config: { headers: { authorization: secret } },
        command: { name: 'auth', args: [secret] },
      })
      expect(lineOf(error)).not.toContain(secret)
    }),
  )
})

describe('of what the database says', () => {
  let world: TestDatabase
  beforeAll(async () => {
    world = await testDatabase([])
  })
  afterAll(() => world.close())

  test('a line of a connection that was lost holds no connection', async () => {
    const pool = new pg.Pool({ connectionString: world.runtimeUrl })
    const lost = new Promise<Error>((resolve) => pool.once('error', resolve))
    const { rows } = await pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
    await world.admin.query('SELECT pg_terminate_backend($1)', [rows[0]!.pid])
    const error = await lost
    expect(error).toHaveProperty('client')
    expect(Object.keys(saidOf(error))).toEqual(['type', 'message', 'stack', 'code'])
    expect(saidOf(error)).toMatchObject({ type: 'DatabaseError', code: '57P01' })
    expect(lineOf(error)).not.toContain(new URL(world.runtimeUrl).password)
    await pool.end()
  })

  test('a line of a statement that failed holds its code and no value', async () => {
    const value = 'what a customer wrote'
    const failing = world.database.transaction(randomUUID(), 'READ WRITE', () =>
      world.database.sequelize.query('SELECT 1 / length($1::text) FROM generate_series(1, 0 + $2::int / 0)', {
        bind: [value, 1],
      }),
    )
    const error = await failing.catch((thrown: unknown) => thrown)
    expect(saidOf(error)).toMatchObject({ cause: { code: '22012' } })
    expect(lineOf(error)).not.toContain(value)
  })
})
