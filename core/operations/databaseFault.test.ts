import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '../testing/database.ts'
import { databaseFault } from './databaseFault.ts'

describe('what PostgreSQL refuses', () => {
  let world: TestDatabase
  beforeAll(async () => {
    world = await testDatabase()
  })
  afterAll(() => world.close())

  const refusalOf = async (statement: string) =>
    databaseFault(await world.admin.query(statement).catch((error: unknown) => error))

  test.each([
    ['a time zone that no place has', "SELECT '2026-12-01T10:00:00+23:59'::timestamptz"],
    ['a time that is none', "SELECT 'noon'::timestamptz"],
    ['a number that is too large', 'SELECT 2147483648::int'],
    ['half a uuid', "SELECT '019aa000'::uuid"],
  ])('is the caller’s to correct: %s', async (_, statement) => {
    expect((await refusalOf(statement)).code).toBe('invalid_input')
  })

  test.each([
    ['a full disk', '53100', 'storage_full'],
    ['too many connections', '53300', 'unavailable'],
    ['a statement that took too long', '57014', 'timeout'],
  ])('is said for what it is: %s', async (_, state, code) => {
    const statement = `DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '${state}'; END $$`
    expect((await refusalOf(statement)).code).toBe(code)
  })
})
