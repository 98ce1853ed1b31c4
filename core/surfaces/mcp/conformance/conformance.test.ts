import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { shelf } from '../../../testing/shelf/shelf.ts'
import { program } from '../programs/program.fixture.ts'
import { openMcp, revisions, type McpWorld, type Revision } from '../testWorld.ts'
import { diagnostics } from './diagnostics.fixture.ts'

/**
 * The protocol's own conformance suite, every scenario that it has for a revision, against the real surface. What is
 * known not to hold stands with its reason in `<revision>.yml`. A line there that holds by now fails the run, so the
 * list can only shrink, and docs/mcp.md says the score.
 */
const root = join(import.meta.dirname, '../../../..')
const suite = await program('conformance', 'dist/index.js')

let world: McpWorld
let gateway: Server
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tekup-conformance-'))
  world = await openMcp([shelf, diagnostics])
  gateway = await openGateway(world.origins[0], await world.key('*.*:read', '*.*:write', '*.*:send'))
})
afterAll(async () => {
  gateway.close()
  gateway.closeAllConnections()
  await world.close()
  await rm(folder, { recursive: true, force: true })
})

describe.skipIf(!suite.isThere).each(revisions)('revision %s', (revision) => {
  test('holds but for what the baseline names, and the documentation says how much', async () => {
    const { code, output } = await conform(revision)
    expect(code, output.slice(output.indexOf('=== SUMMARY'))).toBe(0)
    const results = Array.from(output.matchAll(/^\S+ [\w-]+: (\d+) passed, (\d+) failed/gm))
    const known = output.match(/^ {2}~ /gm)?.length ?? 0
    const sum = (column: 1 | 2) => results.reduce((total, result) => total + Number(result[column]), 0)
    const checks = `${sum(1)} of ${sum(1) + sum(2)}`
    const score = `| ${revision} | ${results.length - known} of ${results.length} | ${checks} |`
    const documented = await readFile(join(root, 'docs/mcp.md'), 'utf8')
    expect(documented.replaceAll(/ +/g, ' ')).toContain(score)
  })
})

/** The suite brings no credential, so one is added on the way. */
async function openGateway(origin: string, key: string): Promise<Server> {
  const { hostname, port } = new URL(origin)
  const server = createServer((incoming, answer) => {
    const headers = { ...incoming.headers, 'x-api-key': key }
    const { method, url: path } = incoming
    const onward = request({ hostname, port, method, path, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers)
      response.pipe(answer)
    })
    onward.on('error', () => answer.destroy())
    answer.on('close', () => onward.destroy())
    incoming.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

function conform(revision: Revision): Promise<{ code: number; output: string }> {
  const { port } = gateway.address() as AddressInfo
  const options = {
    url: `http://127.0.0.1:${port}/mcp`,
    suite: 'all',
    'spec-version': revision,
    'expected-failures': join(import.meta.dirname, `${revision}.yml`),
    'output-dir': join(folder, revision),
  }
  const asked = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [suite.start, 'server', ...asked],
      { maxBuffer: 16e6 },
      (error, stdout, stderr) => resolve({ code: error ? 1 : 0, output: stdout + stderr }),
    )
  })
}
