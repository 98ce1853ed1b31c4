import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '#core/testing'
import { productFlags } from '../scripts/product.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

export const demoPassword = 'Regnbue over Nordhavn'

/** The product as its own process, as a person would start it. */
export interface Product {
  readonly address: string
  readonly process: ChildProcess
  /** Everything it has said so far. */
  said(): string
  /** Resolves with the exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>
  stop(): Promise<void>
}

interface ProductSettings {
  readonly DATA_DIR?: string
  readonly DATABASE_URL?: string
  readonly PORT?: string
  readonly [name: string]: string | undefined
}

/** Starts `main.ts` and waits until it is ready or has ended. */
export async function startProduct(settings: ProductSettings): Promise<Product> {
  const port = settings.PORT ?? String(await freePort())
  const { CI: _ci, NODE_OPTIONS: _options, VITEST: _vitest, ...environment } = process.env
  const child = spawn(process.execPath, [...productFlags, 'main.ts'], {
    cwd: root,
    env: { ...environment, DEMO_PASSWORD: demoPassword, LOG_LEVEL: 'warn', ...settings, PORT: port },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals)
  const product: Product = {
    address: `http://127.0.0.1:${port}`,
    process: child,
    said: () => said,
    ended,
    stop: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
  await readyOrEnded(product)
  return product
}

/** Milliseconds: a machine that does much else at the same time is slow, not wrong. */
const patience = 150_000

async function readyOrEnded({ address, process: child, said, ended }: Product): Promise<void> {
  for (const deadline = Date.now() + patience; Date.now() < deadline; await sleep(50)) {
    // What it said last is all there once it has closed what it spoke through.
    if (child.exitCode !== null || child.signalCode !== null) return void (await ended)
    const isReady = () => fetch(`${address}/ready`, { signal: AbortSignal.timeout(10_000) }).then(({ ok }) => ok, () => false) // prettier-ignore
    if (said().includes('ready at') && (await isReady())) return
  }
  child.kill('SIGKILL')
  throw new Error(`The product was not ready in time. It said:\n${said()}`)
}

/** Makes Havneby Service ApS, whose owner is ida@havneby.example, on a server of one's own. */
export async function makeCompany(databaseUrl: string): Promise<void> {
  const who = ['--name', 'Havneby Service ApS', '--owner', 'Ida Holm', '--email', 'ida@havneby.example']
  const child = spawn(process.execPath, ['main.ts', 'company', ...who, '--language', 'da'], {
    cwd: root,
    env: { ...process.env, DATABASE_URL: databaseUrl, LOG_LEVEL: 'warn' },
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  child.stdin.end(`${demoPassword}\n`)
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`The company was not made: the process ended with ${code}.`)
}

/** A signed-in caller of the product's API. */
export async function signIn(address: string, email = 'mikkel@nordlys.example') {
  const { accessToken } = (await request(address, 'POST', '/auth/login', { email, password: demoPassword })) as { accessToken: string } // prettier-ignore
  return (method: string, path: string, body?: unknown) =>
    request(address, method, path, body, { authorization: `Bearer ${accessToken}` })
}

async function request(
  address: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<unknown> {
  const response = await fetch(`${address}/api/v1${path}`, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      'accept-language': 'da',
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (text === '') throw new Error(`${method} ${path} was answered ${response.status} with nothing in it.`)
  return JSON.parse(text)
}
