import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { testDatabase, freePort, type TestDatabase } from '#core/testing'
import { readConfig, settingNames } from '../core/config.ts'
import { productFlags } from '../scripts/product.mjs'
import { makeCompany, signIn, startProduct, type Product } from './process.ts'

const folder = fileURLToPath(new URL('../deploy/', import.meta.url))

describe('the compose file', () => {
  interface Service {
    readonly image: string
    readonly environment?: Record<string, string | number>
    readonly command?: readonly string[]
    readonly deploy?: { readonly replicas: number }
  }
  let services: Record<string, Service>
  const ours = () => Object.entries(services).filter(([, { image }]) => image === 'tekup')

  beforeAll(async () => {
    const text = await readFile(`${folder}docker-compose.yml`, 'utf8')
    services = (parse(text, { merge: true }) as { services: Record<string, Service> }).services
  })

  test('starts two processes that answer and two that work', () => {
    const processes = ours().map(([, { environment, deploy }]) => [
      environment!['ROLE'],
      deploy?.replicas ?? 1,
    ])
    expect(processes).toEqual([
      ['api', 1],
      ['api', 1],
      ['worker', 2],
    ])
  })

  test('gives each process settings that it knows and takes', () => {
    for (const [, { environment }] of ours()) {
      expect(settingNames).toEqual(expect.arrayContaining(Object.keys(environment!)))
      const given = Object.entries(environment!).map(
        ([name, value]) => [name, filled(String(value))] as const,
      )
      expect(() => readConfig(Object.fromEntries(given))).not.toThrow()
    }
  })

  test('sends requests to every process that answers, at the port of the image', async () => {
    const upstreams = String(services['proxy']!.environment!['API_UPSTREAMS']).split(' ')
    const answering = ours().flatMap(([name, { environment }]) =>
      environment!['ROLE'] === 'api' ? [name] : [],
    )
    const image = await readFile(`${folder}Dockerfile`, 'utf8')
    const port = /PORT=(\d+)/.exec(image)?.[1]
    expect(upstreams).toEqual(answering.map((name) => `${name}:${port}`))
  })

  test('keeps every job that Redis has taken', () => {
    expect(services['redis']!.command!.join(' ')).toMatch(/--appendonly yes .*--maxmemory-policy noeviction/)
  })

  test('names the version of every part', () => {
    for (const [, { image }] of Object.entries(services)) expect(image).toMatch(/^tekup$|:\d/)
  })

  /** As compose fills it in from the file `.env`. */
  const filled = (value: string): string =>
    value
      .replace(/\$\{VAULT_KEY:[^}]+\}/, Buffer.alloc(32).toString('base64'))
      .replace(/\$\{PUBLIC_URL:[^}]+\}/, 'https://tekup.example')
      .replace(/\$\{POSTGRES_PASSWORD:[^}]+\}/, 'secret')
      .replace(/\$\{\w+:-\}/, '')
})

test('the image runs the product as npm start does', async () => {
  const image = await readFile(`${folder}Dockerfile`, 'utf8')
  const [, command = ''] = /^CMD (\[.+\])$/m.exec(image) ?? []
  expect(JSON.parse(command)).toEqual(['node', ...productFlags, 'main.ts'])
})

const hasCaddy = spawnSync('caddy', ['version']).error === undefined
if (!hasCaddy)
  process.stderr.write('Skipped: processes exchanged behind the proxy, because Caddy is not installed.\n')

/** Milliseconds: each process takes some seconds to start, and serves on for a while when it leaves. */
const patience = 600_000

describe.skipIf(!hasCaddy)('two processes behind the proxy', { timeout: patience }, () => {
  // Twice as long as the proxy takes at most to look again and to be answered.
  const drain = { DRAIN_SECONDS: '8', ROLE: 'api', TRUST_PROXY: 'true' }
  let world: TestDatabase
  let products: Product[]
  let proxy: ChildProcess
  let address: string

  beforeAll(async () => {
    world = await testDatabase()
    await makeCompany(world.adminUrl)
    const settings = { ...drain, DATABASE_URL: world.adminUrl }
    products = await Promise.all([startLoaded(settings), startLoaded(settings)])
    address = `http://127.0.0.1:${await freePort()}`
    proxy = startProxy(address, products)
    await until('the proxy has found a process', async () => (await statusOf(`${address}/ready`)) === 200)
  }, patience)
  afterAll(async () => {
    proxy?.kill('SIGKILL')
    for (const product of products ?? []) product.process.kill('SIGKILL')
    await Promise.all((products ?? []).map(({ ended }) => ended))
    await world?.close()
  })

  test('are exchanged one after the other, and no request is refused and no write lost', async () => {
    const call = await signIn(address, 'ida@havneby.example')
    const work = beginWork(call)
    for (const [index, { address: own, process: leaving, ended, said }] of products.entries()) {
      await work.more()
      leaving.kill('SIGTERM')
      const code = await Promise.race([ended, sleep(longest, 'not at all', { ref: false })])
      expect(code, `how the process ended that was to leave; it said: ${said()}`).not.toBe('not at all')
      await work.more()
      const settings = { ...drain, DATABASE_URL: world.adminUrl, PORT: new URL(own).port }
      products[index] = await startLoaded(settings)
      await until(`the proxy sends requests to ${own}`, () => isSentRequests(own))
    }
    const answers = await work.end()
    expect(answers.filter((answer) => typeof (answer as { id?: unknown }).id !== 'string')).toEqual([])
    const { rows } = await world.admin.query<{ name: string }>('SELECT name FROM crm.contacts')
    expect(rows.map(({ name }) => name).toSorted()).toEqual(
      answers.map((answer) => (answer as { name: string }).name).toSorted(),
    )
  })

  test('keep their figures to themselves', async () => {
    expect([await statusOf(`${products[0]!.address}/metrics`), await statusOf(`${address}/metrics`)]).toEqual(
      [200, 404],
    )
  })
})

/** Starts one, and waits until its agent answers: loading that, a busy machine may leave the proxy without an answer. */
async function startLoaded(settings: Parameters<typeof startProduct>[0]): Promise<Product> {
  const product = await startProduct(settings)
  const call = await signIn(product.address, 'ida@havneby.example')
  expect(await call('POST', '/chat/messages', { text: 'hej' })).toHaveProperty('reply')
  return product
}

type Call = Awaited<ReturnType<typeof signIn>>

/** Four callers that add one contact after the other until they are told to end; together 480 a minute, as one person may. */
function beginWork(call: Call) {
  const answers: unknown[] = []
  const over = new AbortController()
  const adding = Array.from({ length: 4 }, async (_, caller) => {
    for (let number = 0; !over.signal.aborted; number++) {
      const name = `Kunde ${caller} ${number}`
      answers.push(await call('POST', '/crm/contacts', { name }).catch((error: unknown) => ({ name, error })))
      await sleep(500)
    }
  })
  return {
    /** Waits until each has added some more. */
    more: async () => {
      const before = answers.length
      await until(`eight more answers than ${before}`, async () => answers.length >= before + 8)
    },
    end: async () => {
      over.abort()
      await Promise.all(adding)
      return answers
    },
  }
}

function startProxy(address: string, products: readonly Product[]): ChildProcess {
  const upstreams = products.map((product) => new URL(product.address).host).join(' ')
  return spawn('caddy', ['run', '--config', 'Caddyfile', '--adapter', 'caddyfile'], {
    cwd: folder,
    env: { ...process.env, SITE_ADDRESS: address, API_UPSTREAMS: upstreams },
    stdio: 'ignore',
  })
}

const statusOf = (url: string): Promise<number> =>
  fetch(url).then(
    ({ status }) => status,
    () => 0,
  )

/** Whether the proxy has seen that a process is back: until then, the other one may not leave. */
async function isSentRequests(address: string): Promise<boolean> {
  const figures = await fetch(`${address}/metrics`).then((response) => response.text())
  return /^tekup_operations_total\{.*operation="crm.contacts.create"/m.test(figures)
}

/** Milliseconds that any one step may take. */
const longest = 120_000

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const begun = Date.now()
  while (!(await holds())) {
    if (Date.now() - begun > longest) throw new Error(`This has not come about: ${what}.`)
    await sleep(50)
  }
}
