import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { prepare } from '../scripts/prepare.mjs'
import { median } from './measure/median.ts'
import { commandOf, familyOf, residentOf } from './measure/processes.ts'
import { number, printTable, report } from './measure/report.ts'

// `npm start` once everything is installed and built: the time until /ready answers 200, and the memory of all that it leaves
// running: npm, the script, the server and PostgreSQL. A first start finds neither data nor compiled sources: it makes
// the database, migrates it and furnishes two companies.
const root = fileURLToPath(new URL('../', import.meta.url))
const rounds = 3
const megabyte = 2 ** 20
const fresh: number[] = []
const again: number[] = []
const resident = { fresh: 0, again: 0 }
await prepare({ build: true })

for (let round = 0; round < rounds; round++) {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'tekup-bench-start-'))
  fresh.push(await timed(dataDirectory, async (start) => void (resident.fresh = await weigh(start))))
  again.push(await timed(dataDirectory, async (start) => void (resident.again = await weigh(start))))
  await rm(dataDirectory, { recursive: true, force: true })
}

const within = (value: number) => ({ is: 'at most', value }) as const
report('npm start after install', [
  { figure: 'ready, first start', ours: median(fresh), unit: 's', limit: within(4) },
  { figure: 'ready, next start', ours: median(again), unit: 's', limit: within(4) },
  { figure: 'resident in all (PSS), first start', ours: resident.fresh, unit: 'MB', limit: within(350) },
  { figure: 'resident in all (PSS), next start', ours: resident.again, unit: 'MB', limit: within(350) },
])

/** Seconds from the start to the first 200 of /ready. */
async function timed(DATA_DIR: string, look: (start: ChildProcess) => Promise<void>): Promise<number> {
  const port = await freePort()
  const started = performance.now()
  const start = spawn('npm', ['start'], {
    cwd: root,
    env: { ...process.env, DATA_DIR, PORT: String(port), NODE_COMPILE_CACHE: join(DATA_DIR, 'compiled') },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  while (!(await isReady(port))) {
    if (start.exitCode !== null) throw new Error('The server ended before it was ready.')
    await pause(20)
  }
  const seconds = (performance.now() - started) / 1000
  await look(start)
  const ended = once(start, 'exit')
  start.kill('SIGTERM')
  await ended
  return seconds
}

async function isReady(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/ready`, { signal: AbortSignal.timeout(1_000) })
    await answer.arrayBuffer()
    return answer.status === 200
  } catch {
    return false
  }
}

/** Megabytes of everything that the start left running, once it has calmed down. */
async function weigh(start: ChildProcess): Promise<number> {
  await pause(5_000)
  const family = familyOf(start.pid!)
  const rows = family.map((id) => [number(residentOf([id]) / megabyte), commandOf(id).slice(0, 90)])
  printTable([['MB', 'process'], ...rows.toSorted((a, b) => Number(b[0]) - Number(a[0]))])
  return residentOf(family) / megabyte
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
