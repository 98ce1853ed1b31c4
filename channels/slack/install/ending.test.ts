import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSlackWorld, type SlackWorld } from '../testing/slackWorld.ts'
import { createEndings } from './ending.ts'

let world: SlackWorld
beforeAll(async () => {
  world = await startSlackWorld()
})
afterAll(() => world.close())

const listening = `FROM pg_stat_activity WHERE application_name = 'tekup-listen' AND datname = current_database()`

/** How many connections whoever is no superuser may have to this database; -1 is as many as they like. */
const admit = (most: number) =>
  world.admin.query(`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I CONNECTION LIMIT ${most}', current_database()); END $$`) // prettier-ignore

test('a workspace that ends while nobody here can hear of it is heard of as soon as somebody can', async () => {
  const { id } = await world.connect()
  const heard: string[] = []
  const endings = createEndings(world.core)
  endings.follow((workspace) => void heard.push(workspace))
  const listeners = async (): Promise<number> =>
    (await world.admin.query(`SELECT ${listening}`)).rowCount ?? 0
  await expect.poll(listeners).toBeGreaterThan(0)
  // Nobody who is cut off comes back before that is allowed again.
  await admit(0)
  await world.admin.query(`SELECT pg_terminate_backend(pid) ${listening}`)
  await expect.poll(listeners).toBe(0)
  await world.admin.query(
    `UPDATE slack.workspaces SET ended_at = now(), ended_because = 'uninstalled', token = NULL, refresh_token = NULL WHERE id = $1`,
    [id],
  )
  expect(heard).toEqual([])
  await admit(-1)
  await expect.poll(() => heard).toContain(id)
  await endings.close()
})
