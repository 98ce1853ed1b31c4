import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lintCatalog, freePort } from '#core/testing'
import { makeCompany, signIn, startProduct, type Product } from './process.ts'

/** Where Debian puts the oldest PostgreSQL that is promised to do. */
const binaries = '/usr/lib/postgresql/15/bin'
const isThere = existsSync(join(binaries, 'initdb'))
if (!isThere) process.stderr.write('Skipped: the product on PostgreSQL 15, because that is not installed.\n')

describe.skipIf(!isThere)('on PostgreSQL 15, the oldest that will do', { timeout: 600_000 }, () => {
  let server: Awaited<ReturnType<typeof startServer>>
  let product: Product

  beforeAll(async () => {
    server = await startServer()
    await makeCompany(server.url)
    product = await startProduct({ DATABASE_URL: server.url })
  }, 600_000)
  afterAll(async () => {
    await product?.stop()
    await server?.stop()
  })

  test('people work and talk as on the newest', async () => {
    const call = await signIn(product.address, 'ida@havneby.example')
    const contact = await call('POST', '/crm/contacts', { name: 'Søren Møller' })
    expect(contact).toMatchObject({ name: 'Søren Møller' })
    expect(await call('GET', '/crm/contacts?q=soren')).toMatchObject({ items: [{ name: 'Søren Møller' }] })
    const answer = await call('POST', '/chat/messages', { text: 'vis mine kontakter' })
    expect(answer).toMatchObject({ calls: [{ operation: 'crm.contacts.list', status: 'done' }] })
  })

  test('the tables keep the rules of tenancy', async () => {
    const admin = new pg.Client({ connectionString: server.url })
    await admin.connect()
    expect(await lintCatalog(admin)).toEqual([])
    await admin.end()
  })
})

/** A server of the test's own; as root, it runs as nobody, since PostgreSQL refuses root. */
async function startServer() {
  const folder = mkdtempSync(join(tmpdir(), 'tekup-oldest-'))
  const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
  if (user.uid) chownSync(folder, user.uid, user.gid)
  chmodSync(folder, 0o700)
  const data = join(folder, 'data')
  const settings = ['--username=tekup', '--auth=trust', '--encoding=UTF8', '--no-locale', '--no-sync']
  execFileSync(join(binaries, 'initdb'), [`--pgdata=${data}`, ...settings], {
    ...user,
    cwd: folder,
    stdio: 'ignore',
  })
  const port = await freePort()
  const server = spawn(join(binaries, 'postgres'), ['-D', data, '-p', String(port), '-k', folder], {
    ...user,
    cwd: folder,
    stdio: 'ignore',
  })
  const url = `postgres://tekup@127.0.0.1:${port}/postgres`
  await answering(url)
  return { url, stop: () => stop(server, folder) }
}

async function answering(connectionString: string): Promise<void> {
  for (;;) {
    const client = new pg.Client({ connectionString })
    const connected = await client.connect().then(
      () => true,
      () => false,
    )
    await client.end().catch(() => undefined)
    if (connected) return
    await sleep(50)
  }
}

async function stop(server: ChildProcess, folder: string): Promise<void> {
  const ended = once(server, 'close')
  server.kill('SIGINT')
  await ended
  rmSync(folder, { recursive: true, force: true })
}
