import { afterAll, beforeAll, expect, test } from 'vitest'
import { lintCatalog, testDatabase, type TestDatabase } from '#core/testing'
import { agentsPlugin } from '#agents'
import { slackPlugin } from '#channels/slack'
import { plugins as domains } from '#plugins'

const plugins = [agentsPlugin, slackPlugin, ...domains]

let world: TestDatabase
beforeAll(async () => {
  world = await testDatabase(plugins)
})
afterAll(() => world.close())

test('every table, key, policy and function that any plugin brings keeps the rules of tenancy', async () => {
  expect(await lintCatalog(world.admin)).toEqual([])
})
