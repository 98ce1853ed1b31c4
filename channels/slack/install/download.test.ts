import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSlackWorld, type SlackWorld } from '../testing/slackWorld.ts'
import { workspaceById } from '../reach.ts'
import { createDownload } from './download.ts'
import { createTokens } from './tokens.ts'
import type { Workspace } from './workspace.ts'

let world: SlackWorld
let workspace: Workspace
beforeAll(async () => {
  world = await startSlackWorld({ limits: false })
  workspace = (await workspaceById(world.core, world.tenant, (await world.connect()).id))!
})
afterAll(() => world.close())

const refused = (address: string, { core } = world) =>
  expect(createDownload(core, createTokens(core))(workspace, address, 1000)).rejects.toMatchObject({
    code: 'foreign_file',
  })

test.each([
  'https://thief.example/files-pri/T1-F1/notes.txt',
  'https://files.slack.com.thief.example/files-pri/T1-F1/notes.txt',
  'https://files.slack.com@thief.example/files-pri/T1-F1/notes.txt',
  'http://169.254.169.254/files-pri/latest',
  'file:///etc/passwd',
  'no address at all',
])('the bot’s token does not go to %s', (address) => refused(address))

test('a file’s address calls no method of Slack’s with the bot’s token', async () => {
  const methods = world.slack.settings['SLACK_API_URL']!
  await refused(`${methods}auth.revoke`)
  await refused(new URL('/files-pri/../api/auth.revoke', methods).href)
  await refused(new URL('/files-pri/%2e%2e/api/auth.revoke', methods).href)
  const { SLACK_API_URL: _, ...config } = world.core.config
  const product = { ...world, core: { ...world.core, config: config as typeof world.core.config } }
  await refused('https://slack.com/api/auth.revoke', product)
  expect(world.slack.calls('auth.revoke')).toEqual([])
})
