import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { testDatabase, freePort } from '#core/testing'
import { signIn, startProduct, type Product } from './process.ts'

/** Milliseconds: a start takes a second or two, on a machine that runs every other test at the same time many more. */
const patience = 600_000

const folders: string[] = []
const products: Product[] = []

const newFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'tekup-start-'))
  folders.push(folder)
  return folder
}
const start = async (settings: Parameters<typeof startProduct>[0]): Promise<Product> => {
  const product = await startProduct(settings)
  products.push(product)
  return product
}

afterAll(async () => {
  for (const product of products) product.process.kill('SIGKILL')
  for (const folder of folders) await rm(folder, { recursive: true, force: true, maxRetries: 5 })
})

const addContact = (call: Awaited<ReturnType<typeof signIn>>, name: string) =>
  call('POST', '/crm/contacts', { name }) as Promise<{ id: string; name: string }>

describe('a start on embedded parts', { timeout: patience }, () => {
  test('furnishes two companies once, says how to sign in, and keeps what was written', async () => {
    const DATA_DIR = await newFolder()
    const first = await start({ DATA_DIR })
    expect(first.said()).toContain('mikkel@nordlys.example')
    const { id } = await addContact(await signIn(first.address), 'Bente Skov')
    await first.stop()
    expect(await first.ended).toBe(0)

    const second = await start({ DATA_DIR })
    expect(second.said()).not.toContain('Furnishing')
    expect(await (await signIn(second.address))('GET', `/crm/contacts/${id}`)).toMatchObject({
      name: 'Bente Skov',
    })
    await second.stop()
  })

  test('keeps its secrets from other users of the machine', async () => {
    const DATA_DIR = await newFolder()
    const product = await start({ DATA_DIR, DEMO_PASSWORD: undefined })
    for (const file of ['demo-password', join('postgresql', 'password')]) {
      expect((await stat(join(DATA_DIR, file))).mode & 0o777).toBe(0o600)
    }
    const password = (await readFile(join(DATA_DIR, 'postgresql', 'password'), 'utf8')).trim()
    expect(product.said()).not.toContain(password)
    await product.stop()
  })

  test('recovers by itself after everything was killed', async () => {
    const DATA_DIR = await newFolder()
    const first = await start({ DATA_DIR })
    const { id } = await addContact(await signIn(first.address), 'Signe Holm')
    first.process.kill('SIGKILL')
    await first.ended
    const second = await start({ DATA_DIR })
    const call = await signIn(second.address)
    expect(await call('GET', `/crm/contacts/${id}`)).toMatchObject({ name: 'Signe Holm' })
    const { items } = (await (await signIn(second.address, 'anna@nordlys.example'))('GET', `/platform/audit?subjectId=${id}`)) as { items: unknown[] } // prettier-ignore
    expect(items.length).toBeGreaterThan(0)
    await second.stop()
  })

  test('goes on after its PostgreSQL alone was killed, and ends with a sentence when that happens again and again', async () => {
    const DATA_DIR = await newFolder()
    const product = await start({ DATA_DIR })
    const { id } = await addContact(await signIn(product.address), 'Signe Holm')
    /** The server's process, and how far it says that it is: the file is not there while none is. */
    const postmaster = async () => {
      const lines = (await readFile(join(DATA_DIR, 'postgresql/data/postmaster.pid'), 'utf8')).split('\n')
      return { pid: Number(lines[0]), state: lines[7]?.trim() }
    }
    const hasEnded = () => product.process.exitCode !== null
    const isReady = async () => (await fetch(`${product.address}/ready`)).ok
    const isBack = async (killed: number) => {
      const { pid, state } = await postmaster()
      return pid !== killed && state === 'ready' && (await isReady())
    }
    const first = await postmaster()
    kill(first.pid)
    // In the midst of its start; one that gave up by itself has ended as well.
    await expect.poll(async () => (await postmaster()).pid, { interval: 5 }).not.toBe(first.pid)
    kill((await postmaster().catch(() => first)).pid)
    await expect.poll(() => isBack(first.pid)).toBe(true)
    expect(product.said()).toContain('The embedded PostgreSQL ended by itself and is started again')
    const call = await signIn(product.address)
    expect(await call('GET', `/crm/contacts/${id}`)).toMatchObject({ name: 'Signe Holm' })
    expect(await addContact(call, 'Efter')).toMatchObject({ name: 'Efter' })

    for (let kills = 0; !hasEnded(); kills++) {
      expect(kills).toBeLessThan(5)
      const { pid } = await postmaster()
      kill(pid)
      await expect.poll(async () => hasEnded() || (await isBack(pid))).toBe(true)
    }
    expect(await product.ended).toBe(1)
    expect(product.said()).toContain('ended by itself again and again')
  })

  test('says in one sentence that it already runs, and leaves the running one alone', async () => {
    const DATA_DIR = await newFolder()
    const running = await start({ DATA_DIR })
    const second = await start({ DATA_DIR })
    expect(await second.ended).toBe(1)
    expect(lastLine(second)).toMatch(/^TekUp is already running on .+\.$/)
    expect((await fetch(`${running.address}/ready`)).status).toBe(200)
    await running.stop()
  })

  test('says in one sentence that the port is taken', async () => {
    const port = await freePort()
    const other = createServer().listen(port, '127.0.0.1')
    await once(other, 'listening')
    const product = await start({ DATA_DIR: await newFolder(), PORT: String(port) })
    expect(await product.ended).toBe(1)
    expect(lastLine(product)).toBe(
      `Port ${port} on 127.0.0.1 is taken by another program: stop it, or set PORT to another number.`,
    )
    other.close()
  })

  test.each([
    [{ PORT: 'eighty' }, 'PORT must be a port number between 0 and 65535.'],
    [
      { DATABASE_URL: 'mysql://x' },
      'DATABASE_URL must be an address like postgres://user:password@host:5432/database.',
    ],
    [{ ROLE: 'boss' }, 'ROLE must be all, api or worker.'],
  ])('says in one sentence which setting is wrong: %j', async (settings, sentence) => {
    const product = await start({ DATA_DIR: await newFolder(), ...settings })
    expect(await product.ended).toBe(1)
    expect(product.said().trim()).toBe(sentence)
  })
})

describe('a stop', { timeout: patience }, () => {
  test('finishes what is in flight, takes nothing new, and loses nothing that it answered', async () => {
    const DATA_DIR = await newFolder()
    const product = await start({ DATA_DIR })
    const call = await signIn(product.address)
    const sent = Array.from({ length: 40 }, (_, index) => addContact(call, `I flugten ${index}`))
    await Promise.race(sent)
    product.process.kill('SIGTERM')
    const outcomes = await Promise.allSettled(sent)
    expect(await product.ended).toBe(0)
    await expect(fetch(`${product.address}/health`)).rejects.toThrow('fetch failed')

    const answered = outcomes.flatMap((each) =>
      each.status === 'fulfilled' && each.value.id ? [each.value] : [],
    )
    expect(answered.length).toBeGreaterThan(0)
    const again = await start({ DATA_DIR })
    const look = await signIn(again.address)
    for (const { id, name } of answered) {
      expect(await look('GET', `/crm/contacts/${id}`)).toMatchObject({ name })
    }
    await again.stop()
  })
})

describe('a start on a server of one’s own', { timeout: patience }, () => {
  test('may be made by several processes at once, and binds them all to row-level security', async () => {
    const { adminUrl, close } = await testDatabase()
    const settings = { DATABASE_URL: adminUrl, LOG_LEVEL: 'info' }
    const all = await Promise.all([1, 2, 3].map(() => start(settings)))
    for (const { address, said } of all) {
      // The queue is opened a moment after the first pages can go out.
      await expect.poll(said).toContain('jobs are worked on')
      expect(said()).not.toMatch(/Furnishing|does not answer/)
      await expect.poll(async () => (await fetch(`${address}/ready`)).status).toBe(200)
    }
    await Promise.all(all.map((product) => product.stop()))
    await close()
  })

  test('says in one sentence that the server does not let it in', async () => {
    const product = await start({
      DATABASE_URL: `postgres://nobody:secret@127.0.0.1:${await freePort()}/nothing`,
    })
    expect(await product.ended).toBe(1)
    expect(lastLine(product)).toMatch(/^The database did not let us in .+ Check DATABASE_URL/)
    expect(product.said()).not.toContain('secret')
  })

  test('refuses a database that a newer version has used', async () => {
    const { adminUrl, admin, close } = await testDatabase()
    await admin.query(`INSERT INTO app.migrations VALUES ('platform', '999_future.sql', 'x')`)
    const product = await start({ DATABASE_URL: adminUrl })
    expect(await product.ended).toBe(1)
    expect(lastLine(product)).toContain('used by a newer version')
    await close()
  })
})

/** One that has gone meanwhile is as good as killed. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

const lastLine = (product: Product): string => product.said().trim().split('\n').at(-1)!
