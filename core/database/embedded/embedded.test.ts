import { chown, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { reachableBinaries } from './binaries.ts'
import { prepareFolder } from './folder.ts'
import { startEmbedded, type EmbeddedServer } from './index.ts'
import {
  ask,
  copyProduct,
  endPrograms,
  killNow,
  descendants,
  here,
  isThere,
  serverProcess,
  startProgram,
  whoRemains,
} from './programs.fixture.ts'
import { runServer } from './server.ts'
import { chooseServerUser } from './serverUser.ts'

/** Made by mkdtemp, so nobody but this user may enter it: as root, PostgreSQL's user may not. */
let place: string
let home: string

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'tekup-embedded-'))
  home = join(place, 'home')
})

afterEach(endPrograms)

afterAll(() => rm(place, { recursive: true, force: true }))

/** Starts in the folder, lets the work be done, and stops. */
async function whileRunning<Result>(work: (server: EmbeddedServer) => Promise<Result>): Promise<Result> {
  const server = await startEmbedded({ dataDirectory: home })
  try {
    return await work(server)
  } finally {
    await server.stop()
  }
}

describe('the first start', () => {
  test('makes a database named tekup on loopback, with a password that others cannot read', async () => {
    const lines: string[] = []
    const server = await startEmbedded({ dataDirectory: home, log: (line) => lines.push(line) })
    try {
      const { hostname, pathname, password } = new URL(server.adminUrl)
      expect([hostname, pathname]).toEqual(['127.0.0.1', '/tekup'])
      expect(password.length).toBeGreaterThanOrEqual(43)
      expect((await readFile(join(home, 'postgresql/password'), 'utf8')).trim()).toBe(password)
      expect((await stat(join(home, 'postgresql/password'))).mode & 0o777).toBe(0o600)
      await ask(server.adminUrl, "CREATE TABLE kept AS SELECT 'Søren' AS name")
      expect(lines.join('\n')).not.toContain(password)
      expect(await commandOf(serverProcess(home)!)).not.toContain(password)
    } finally {
      await server.stop()
    }
  })

  test('refuses a wrong password', async () => {
    await whileRunning(async ({ adminUrl }) => {
      const url = new URL(adminUrl)
      url.password = 'guess'
      await expect(ask(url.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/)
    })
  })
})

describe('a later start', () => {
  test('finds the data of the one before', async () => {
    expect(await whileRunning(({ adminUrl }) => ask(adminUrl, 'SELECT name FROM kept'))).toEqual([
      { name: 'Søren' },
    ])
  })

  test('is durable, folds and sorts Danish alike on every machine, and has its extensions', async () => {
    await whileRunning(async ({ adminUrl }) => {
      expect(
        await ask(
          adminUrl,
          "SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit",
        ),
      ).toEqual([{ fsync: 'on', commit: 'on' }])
      const sorted = `SELECT string_agg(word, ' ' ORDER BY word COLLATE "da-x-icu") AS words
        FROM unnest(ARRAY['Åse', 'Øster', 'Ærø', 'Zoe', 'Anna']) AS word`
      expect(await ask(adminUrl, sorted)).toEqual([{ words: 'Anna Zoe Ærø Øster Åse' }])
      await ask(adminUrl, 'CREATE EXTENSION pg_trgm; CREATE EXTENSION unaccent')
      const folded =
        "SELECT lower('ÆØÅ') AS lower, unaccent('é') AS bare, similarity('søren', 'særen') < 0.5 AS apart"
      expect(await ask(adminUrl, folded)).toEqual([{ lower: 'æøå', bare: 'e', apart: true }])
    })
  })

  test('while one is running is refused in one sentence, and the first one goes on', async () => {
    await whileRunning(async ({ adminUrl }) => {
      await expect(startEmbedded({ dataDirectory: home })).rejects.toMatchObject({
        code: 'data_directory_in_use',
      })
      const { said } = await startProgram(home)
      expect(said).toMatchObject({ code: 'data_directory_in_use' })
      expect(said.message).toMatch(
        /^TekUp is already running on .*: stop that one first, or set DATA_DIR to another folder\.$/,
      )
      expect(await ask(adminUrl, 'SELECT name FROM kept')).toHaveLength(1)
    })
  })
})

describe('a program that ends', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('by %s leaves no process behind', async (signal) => {
    const { child } = await startProgram(home)
    const all = [child.pid!, serverProcess(home)!, ...descendants(child.pid!)]
    child.kill(signal)
    expect(await whoRemains(all)).toEqual([])
    expect(await whileRunning(({ adminUrl }) => ask(adminUrl, 'SELECT name FROM kept'))).toHaveLength(1)
  })

  test('with everything below it, all by SIGKILL, loses nothing that was committed', async () => {
    const { child, said } = await startProgram(home)
    await ask(said.adminUrl, "INSERT INTO kept VALUES ('Bente')")
    for (const pid of [...descendants(child.pid!), child.pid!]) killNow(pid)
    expect(await whileRunning(({ adminUrl }) => ask(adminUrl, 'SELECT name FROM kept'))).toHaveLength(2)
  })

  /** Answers the server that outlived its program and its guardian. */
  async function serverLeftAlone(): Promise<number> {
    const { child } = await startProgram(home)
    const server = serverProcess(home)!
    const family = new Set(descendants(server))
    for (const pid of descendants(child.pid!)) if (pid !== server && !family.has(pid)) killNow(pid)
    child.kill('SIGKILL')
    expect(await whoRemains([child.pid!])).toEqual([])
    expect(isThere(server)).toBe(true)
    return server
  }

  test('with its guardian, leaving the server alone, has that server stopped by the next start', async () => {
    const server = await serverLeftAlone()
    expect(await whileRunning(({ adminUrl }) => ask(adminUrl, 'SELECT name FROM kept'))).toHaveLength(2)
    expect(isThere(server)).toBe(false)
  })

  test('just as it starts its server again has that one stopped too, though the next start has begun', async () => {
    const left = await serverLeftAlone()
    const folder = await prepareFolder(home, await chooseServerUser(home))
    const nobody = () => undefined
    const told = { log: nobody, notice: nobody, lost: nobody }
    const server = await runServer(folder, await reachableBinaries(folder.user), 20, told)
    expect(isThere(left)).toBe(false)
    await server.stop()
  })

  test('long ago, its process number now another program’s, is not in the way, and that program is left alone', async () => {
    await writeFile(join(home, 'postgresql/owner'), `${process.pid}\nanother boot\n`)
    await writeFile(join(home, 'postgresql/data/postmaster.pid'), `${process.pid}\n/somewhere\n1\n5432\n`, {
      mode: 0o600,
    })
    expect(await whileRunning(({ adminUrl }) => ask(adminUrl, 'SELECT name FROM kept'))).toHaveLength(2)
  })
})

describe('a folder that cannot be used', () => {
  test.each(['17', '19'])('since PostgreSQL %s wrote it, is named and left as it is', async (version) => {
    const old = join(place, `version-${version}`)
    await mkdir(join(old, 'postgresql/data'), { recursive: true })
    await writeFile(join(old, 'postgresql/data/PG_VERSION'), `${version}\n`)
    const fault = await startEmbedded({ dataDirectory: old }).catch((error: unknown) => error)
    expect(fault).toMatchObject({ code: 'data_directory_version' })
    expect(String(fault)).toContain(`was written by PostgreSQL ${version}`)
    await expect(stat(join(old, 'postgresql/owner'))).rejects.toThrow('ENOENT')
  })

  test('since it is a file, is named', async () => {
    const file = join(place, 'file')
    await writeFile(file, '')
    await expect(startEmbedded({ dataDirectory: file })).rejects.toMatchObject({
      code: 'data_directory_not_a_folder',
    })
  })

  test.runIf(process.platform === 'linux')('since its place takes no folders, is named', async () => {
    for (const dataDirectory of ['/proc/tekup/data', join(place, 'long'.repeat(100))]) {
      await expect(startEmbedded({ dataDirectory })).rejects.toMatchObject({
        code: 'data_directory_not_writable',
      })
    }
  })

  test('since its password is gone, is named and left as it is', async () => {
    const kept = join(home, 'postgresql/password')
    const text = await readFile(kept)
    const { uid, gid } = await stat(kept)
    await rm(kept)
    await expect(startEmbedded({ dataDirectory: home })).rejects.toMatchObject({ code: 'password_missing' })
    await writeFile(kept, text, { mode: 0o600 })
    await chown(kept, uid, gid)
    expect(await whileRunning(({ adminUrl }) => ask(adminUrl, 'SELECT name FROM kept'))).toHaveLength(2)
  })

  test('since the control file is damaged, is named', async () => {
    const damaged = join(place, 'damaged')
    await cp(home, damaged, { recursive: true })
    await writeFile(join(damaged, 'postgresql/data/global/pg_control'), Buffer.alloc(8192))
    await giveTo(damaged, await stat(join(home, 'postgresql/data')))
    await expect(startEmbedded({ dataDirectory: damaged })).rejects.toMatchObject({
      code: 'data_directory_damaged',
    })
  })
})

test('a first start that was cut short leaves nothing in the way of the next', async () => {
  const half = join(place, 'half')
  await mkdir(join(half, 'postgresql/data.new/base'), { recursive: true })
  await writeFile(join(half, 'postgresql/password'), 'left over\n')
  const server = await startEmbedded({ dataDirectory: half })
  expect(await ask(server.adminUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  await server.stop()
})

describe('an ordinary user', () => {
  const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
  let open: string
  let product = here

  beforeAll(async () => {
    open = await mkdtemp(join(tmpdir(), 'tekup-ordinary-'))
    if (!user.uid) return
    product = copyProduct(join(open, 'product'))
    await chown(open, user.uid, user.gid)
  })

  afterAll(() => rm(open, { recursive: true, force: true }))

  test('runs the server as themselves', async () => {
    const { child, said } = await startProgram(join(open, 'data'), product, user)
    const server = serverProcess(join(open, 'data'))!
    expect(await ask(said.adminUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    expect((await stat(`/proc/${server}`)).uid).toBe(user.uid ?? process.getuid?.())
    child.kill('SIGTERM')
    expect(await whoRemains([server])).toEqual([])
  })

  test('is told of a folder that cannot be written to', async () => {
    await mkdir(join(open, 'locked'), { mode: 0o555 })
    const { said } = await startProgram(join(open, 'locked', 'data'), product, user)
    expect(said).toMatchObject({ code: 'data_directory_not_writable' })
    expect(said.message).toMatch(/cannot be written to: give this user access to it, or set DATA_DIR/)
  })
})

async function commandOf(pid: number): Promise<string> {
  return (await readFile(`/proc/${pid}/cmdline`, 'utf8')) + (await readFile(`/proc/${pid}/environ`, 'utf8'))
}

async function giveTo(folder: string, { uid, gid }: { uid: number; gid: number }): Promise<void> {
  for (const path of await readdir(folder, { recursive: true })) await chown(join(folder, path), uid, gid)
}
