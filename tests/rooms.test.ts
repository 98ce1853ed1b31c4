import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import rules from '../.dependency-cruiser.mjs'
import { settingNames } from '../core/config.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '..')

/** Files of a small house that keeps every rule. */
const house: Record<string, string> = {
  'main.ts': "import '#core'\nimport '#plugins'\n",
  'core/index.ts': "export * from './database/database.ts'\n",
  'core/testing/index.ts': "export * from '../index.ts'\n",
  'core/database/database.ts': "import pg from 'pg'\nexport const database = pg\n",
  'plugins/index.ts': "export * from './crm/index.ts'\nexport * from './leads/index.ts'\n",
  'plugins/crm/index.ts': "export * from './contacts.ts'\n",
  'plugins/crm/contacts.ts': "export { database as crm } from '#core'\n",
  'plugins/leads/index.ts': "export { crm as leads } from '#plugins/crm'\n",
  'agents/index.ts': "import '@langchain/core/messages'\nexport { database as agents } from '#core'\n",
  'channels/chat/index.ts': "export { database as chat } from '#core'\n",
  'channels/slack/index.ts': "import '@slack/bolt'\nexport { database as slack } from '#core'\n",
  'channels/slack/fake/index.ts': "export const fake = 'fake'\n",
  'core/jobs/queue.ts': "import 'bullmq'\n",
  'web/src/types.ts':
    "import type { database } from '../../core/index.ts'\nexport type Page = typeof database\n",
}

/** For each rule a file that breaks it, and what is written there. */
const violations: [rule: string, file: string, text: string][] = [
  ['core-imports-no-other-room', 'core/planted/room.ts', "import '../../plugins/crm/index.ts'\n"],
  ['nobody-imports-main', 'plugins/crm/plantedMain.ts', "import '../../main.ts'\n"],
  [
    'plugins-import-only-the-door-of-core',
    'plugins/crm/plantedWindow.ts',
    "import '../../core/database/database.ts'\n",
  ],
  [
    'plugins-import-no-agent-channel-or-page',
    'plugins/crm/plantedAgent.ts',
    "import '../../agents/index.ts'\n",
  ],
  ['plugins-enter-another-plugin-by-its-door', 'plugins/leads/planted.ts', "import '../crm/contacts.ts'\n"],
  ['plugins-do-not-import-the-list-of-plugins', 'plugins/crm/plantedList.ts', "import '#plugins'\n"],
  ['agents-import-only-the-door-of-core', 'agents/planted.ts', "import '../plugins/crm/index.ts'\n"],
  [
    'channels-import-only-the-door-of-core',
    'channels/chat/planted.ts',
    "import '../../core/database/database.ts'\n",
  ],
  ['channels-do-not-import-each-other', 'channels/chat/plantedPeer.ts', "import '../slack/index.ts'\n"],
  [
    'web-imports-no-server-code',
    'web/src/planted.ts',
    "import { database } from '../../core/index.ts'\nexport { database }\n",
  ],
  ['langchain-only-in-agents', 'core/planted/model.ts', "import '@langchain/core/messages'\n"],
  ['slack-only-in-its-channel', 'core/planted/slack.ts', "import '@slack/web-api'\n"],
  ['fake-slack-only-in-tests-and-scripts', 'channels/slack/plantedFake.ts', "import './fake/index.ts'\n"],
  ['mcp-client-only-in-outside', 'agents/plantedClient.ts', "import '@modelcontextprotocol/client'\n"],
  ['queue-engine-only-in-jobs-and-events', 'plugins/crm/plantedQueue.ts', "import 'bullmq'\n"],
  ['redis-only-where-processes-share-something', 'plugins/crm/plantedRedis.ts', "import 'ioredis'\n"],
  ['mcp-server-only-in-its-surface', 'plugins/crm/plantedTool.ts', "import '@modelcontextprotocol/server'\n"],
  ['database-driver-only-in-database-and-models', 'plugins/crm/plantedQuery.ts', "import 'pg'\n"],
  ['product-does-not-import-tests', 'plugins/crm/plantedTest.ts', "import '#core/testing'\n"],
  ['no-cycles', 'core/planted/one.ts', "import './other.ts'\n"],
  ['no-import-of-what-is-not-there', 'plugins/crm/plantedDeep.ts', "import '#core/database/database.ts'\n"],
]

interface Violation {
  readonly from: string
  readonly rule: { readonly name: string }
}

let folder: string
let clean: Violation[]
let planted: Violation[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tekup-rooms-'))
  for (const file of ['package.json', 'tsconfig.json', '.dependency-cruiser.mjs', '.oxlintrc.json'])
    await cp(join(root, file), join(folder, file))
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  for (const [file, text] of Object.entries(house)) await write(file, text)
  clean = await cruise()
  await write('core/planted/other.ts', "import './one.ts'\n")
  for (const [, file, text] of violations) await write(file, text)
  planted = await cruise()
})

afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the rooms', () => {
  test('a house that keeps the rules passes, but for packages that are not installed', () => {
    expect(clean.filter(({ rule }) => rule.name !== 'no-import-of-what-is-not-there')).toEqual([])
  })

  test.each(violations)('%s is broken by %s', (rule, file) => {
    expect(planted.filter(({ from }) => from === file).map(({ rule: { name } }) => name)).toContain(rule)
  })

  test('every rule has a violation planted, a sentence for a name and a reason', () => {
    const names = (rules.forbidden ?? []).map(({ name }) => name ?? '')
    expect(names.toSorted()).toEqual(violations.map(([name]) => name).toSorted())
    for (const { name, comment } of rules.forbidden ?? []) expect(comment, name).toMatch(/^\S.{30,}\.$/)
  })
})

describe('what the linter keeps', () => {
  test.each([
    [
      'process.env outside core/config.ts',
      'core/planted/env.ts',
      'export const port = process.env.PORT\n',
      'no-process-env',
    ],
    ['a default export', 'core/planted/default.ts', 'export default 1\n', 'no-default-export'],
    ['console in the product', 'plugins/crm/plantedLog.ts', "console.log('hello')\n", 'no-console'],
  ])('%s is refused', async (_, file, text, rule) => {
    await write(file, text)
    expect(await lint(file)).toContain(rule)
  })

  test('core/config.ts may read process.env', async () => {
    await write('core/config.ts', 'export const port = process.env.PORT\n')
    expect(await lint('core/config.ts')).not.toContain('no-process-env')
  })
})

describe('the plugins of this house', () => {
  test('each names the plugins whose door it imports in its `requires`', async () => {
    for (const name of await folders('plugins')) {
      const required = await requiredBy(name)
      for (const other of await importedBy(name))
        expect(required, `plugins/${name} imports plugins/${other}`).toContain(other)
    }
  })
})

test('.env.example holds every setting with a line about it', async () => {
  const lines = (await readFile(join(root, '.env.example'), 'utf8')).split('\n')
  const named = lines.flatMap((line, index) =>
    /^[A-Z_]+=/.test(line) ? [{ name: line.split('=')[0], about: lines[index - 1] }] : [],
  )
  expect(named.map(({ name }) => name).toSorted()).toEqual(settingNames.toSorted())
  for (const { name, about } of named) expect(about, name).toMatch(/^# .{15,}\.$/)
})

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, file)), { recursive: true })
  await writeFile(join(folder, file), text)
}

async function cruise(): Promise<Violation[]> {
  const program = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs')
  const parameters = [
    '--config',
    '.dependency-cruiser.mjs',
    '--output-type',
    'json',
    ...(await readdir(folder)).filter(isRoom),
  ]
  const { stdout } = await run(process.execPath, [program, ...parameters], {
    cwd: folder,
    maxBuffer: 1e8,
  }).catch((error: { stdout: string }) => error)
  return (JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations
}

function isRoom(name: string): boolean {
  return ['main.ts', 'core', 'plugins', 'agents', 'channels', 'web'].includes(name)
}

async function lint(file: string): Promise<string> {
  const program = join(root, 'node_modules/oxlint/bin/oxlint')
  const { stdout } = await run(process.execPath, [program, '--format', 'unix', file], { cwd: folder }).catch(
    (error: { stdout: string }) => error,
  )
  return stdout
}

async function folders(path: string): Promise<string[]> {
  const entries = await readdir(join(root, path), { withFileTypes: true })
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
}

async function requiredBy(name: string): Promise<string[]> {
  const door = await readFile(join(root, 'plugins', name, 'index.ts'), 'utf8').catch(() => '')
  return [...(/requires: \[([^\]]*)\]/.exec(door)?.[1] ?? '').matchAll(/'([^']+)'/g)].map(
    ([, other]) => other!,
  )
}

/** What it imports to run; its tests may bring the neighbours that follow its events. */
async function importedBy(name: string): Promise<Set<string>> {
  const files = (await readdir(join(root, 'plugins', name), { recursive: true })).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
  )
  const texts = await Promise.all(files.map((file) => readFile(join(root, 'plugins', name, file), 'utf8')))
  const others = texts.flatMap((text) =>
    [...text.matchAll(/from '#plugins\/([^']+)'/g)].map(([, other]) => other!),
  )
  return new Set(others.filter((other) => other !== name))
}
