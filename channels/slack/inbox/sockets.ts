import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { sql, type Core } from '#core'
import type { Apps, SlackApp } from '../install/apps.ts'
import type { Receive } from './receive.ts'
import { openSocket } from './socket.ts'

/** Seconds that the lead of an app is held unless its holder says again that it lives. */
const lease = 15
/** Milliseconds between two looks: for apps that came or went, and for whoever leads them. */
const lookEvery = 4_000
/** Milliseconds before a connection that failed is tried again; longer each time, up to a minute. */
const waitAfter = (failures: number): number => Math.min(60_000, 500 * 2 ** failures)

export interface Sockets {
  close(): Promise<void>
}

interface Held {
  readonly version: string
  readonly stop: AbortController
  readonly running: Promise<void>
}

/**
 * Socket Mode: where Slack cannot reach us, we call Slack. Of all processes one leads each app and holds its connection, so
 * that what one app is told stays in order; when it dies, another takes over within the lease.
 */
export function createSockets(core: Core, apps: Apps, receive: Receive): Sockets {
  const me = randomUUID()
  const held = new Map<string, Held>()
  const closing = new AbortController()

  async function look(): Promise<void> {
    const wanted = new Map((await apps.withSockets()).map((app) => [app.ownApp ?? 'shared', app]))
    for (const [key, { version, stop }] of held) if (versionOf(wanted.get(key)) !== version) stop.abort()
    for (const [key, app] of wanted) {
      if (!(await leads(core, key, me))) held.get(key)?.stop.abort()
      else if (!held.has(key)) hold(key, app)
    }
  }
  function hold(key: string, app: SlackApp): void {
    const stop = new AbortController()
    const running = holdSocket(core, app, receive, stop.signal).finally(() => held.delete(key))
    held.set(key, { version: versionOf(app), stop, running })
  }
  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      await look().catch((error: unknown) =>
        core.log.error({ err: error }, 'Slack’s sockets could not be looked after'),
      )
      await pause(lookEvery, undefined, { signal: closing.signal }).catch(() => undefined)
    }
  }
  const running = run()
  return {
    close: async () => {
      closing.abort()
      await running
      const keys = [...held.keys()]
      await Promise.all([...held.values()].map(({ stop, running: ends }) => (stop.abort(), ends)))
      for (const key of keys) await stepDown(core, key, me).catch(() => undefined)
    },
  }
}

const versionOf = (app: SlackApp | undefined): string => `${app?.ownApp} ${app?.appToken}`

async function leads({ database }: Core, key: string, me: string): Promise<boolean> {
  const [row] = await database.platformStatement<{ leads: boolean }>(
    sql`SELECT slack.lead(${key}, ${me}, ${lease}) AS leads`,
  )
  return row!.leads
}

const stepDown = async ({ database }: Core, key: string, me: string): Promise<void> =>
  void (await database.platformStatement(sql`SELECT slack.step_down(${key}, ${me})`))

/** A connection after another, for as long as this process leads. */
async function holdSocket(core: Core, app: SlackApp, receive: Receive, signal: AbortSignal): Promise<void> {
  let failures = 0
  while (!signal.aborted) {
    try {
      const socket = await openSocket(core, app, receive)
      failures = 0
      const stop = (): void => void socket.close()
      signal.addEventListener('abort', stop, { once: true })
      if (signal.aborted) stop()
      await socket.ended
      signal.removeEventListener('abort', stop)
    } catch (error) {
      failures++
      core.log.warn({ err: error, failures }, 'a socket of Slack’s could not be opened')
      await pause(waitAfter(failures), undefined, { signal }).catch(() => undefined)
    }
  }
}
