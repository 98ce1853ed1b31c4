import { afterAll, beforeAll, expect, test } from 'vitest'
import { lintCatalog, testDatabase, type TestDatabase } from '#core/testing'
import { plugins } from '#plugins'

let world: TestDatabase
beforeAll(async () => {
  world = await testDatabase(plugins)
})
afterAll(() => world.close())

test('every table, key, policy and function that any plugin brings keeps the rules of tenancy', async () => {
  expect(await lintCatalog(world.admin)).toEqual([])
})
