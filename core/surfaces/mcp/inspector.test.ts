import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { program } from './programs/program.fixture.ts'
import { openMcp, type McpWorld } from './testWorld.ts'

const inspector = await program('inspector', 'clients/launcher/build/index.js')

let world: McpWorld
let folder: string
let header: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tekup-inspector-'))
  world = await openMcp()
  header = `X-Api-Key: ${await world.key('shelf.books:read', 'shelf.books:write')}`
})
afterAll(async () => {
  await world.close()
  await rm(folder, { recursive: true, force: true })
})

/** One command of the Inspector's command line, in a session of its own. */
async function inspect(...asked: string[]): Promise<unknown> {
  const target = [`${world.origins[0]}/mcp`, '--transport', 'http', '--header', header]
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [inspector.start, '--cli', ...target, ...asked],
    { env: { PATH: process.env['PATH'], HOME: folder, MCP_CATALOG_PATH: join(folder, 'catalog.json') } },
  )
  return JSON.parse(stdout) as unknown
}

describe.skipIf(!inspector.isThere)('the MCP Inspector’s command line', () => {
  test('lists the tools of a key', async () => {
    const { tools } = (await inspect('--method', 'tools/list')) as { tools: { name: string }[] }
    expect(tools.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['shelf_books_list', 'shelf_books_create']),
    )
  })

  test('calls a tool and reads what it made', async () => {
    const call = (name: string, ...input: string[]) =>
      inspect('--method', 'tools/call', '--tool-name', name, '--tool-arg', ...input)
    const made = await call('shelf_books_create', 'title=Inspected', 'pages=12')
    expect(made).toMatchObject({ structuredContent: { title: 'Inspected', pages: 12 } })
    const { id } = (made as { structuredContent: { id: string } }).structuredContent
    expect(await call('shelf_books_get', `id=${id}`)).toMatchObject({
      structuredContent: { title: 'Inspected' },
    })
  })

  test('gets a prompt', async () => {
    const prompt = await inspect('--method', 'prompts/get', '--prompt-name', 'shelf_books_list')
    expect(prompt).toMatchObject({ messages: [{ role: 'user' }] })
  })
})
