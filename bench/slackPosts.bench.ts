import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { slackPlugin } from '#channels/slack'
import { createOutgoing } from '../channels/slack/outbox/createOutgoing.ts'
import type { Timer } from '../channels/slack/outbox/timer.ts'
import type { Workspace } from '../channels/slack/install/workspace.ts'
import { report } from './measure/report.ts'
import { openCore } from './world/core.ts'
import { openWorld } from './world/database.ts'

// Whether what goes out to Slack leaves anything in memory: posts to many channels, each kept, sent and settled. Slack is a
// server that remembers nothing, and its minutes go by in milliseconds, so that its limits are met and waited for all the same.
const posts = Number(process.env['BENCH_POSTS'] ?? 50_000)
const warm = posts / 5
const atOnce = 64
const channelsEach = 200
const speed = 3_000

const world = await openWorld([slackPlugin])
const slack = createServer((request, response) => {
  request.resume()
  response.end(JSON.stringify({ ok: true, ts: `${Date.now() / 1_000}` }))
})
slack.listen(0, '127.0.0.1')
await once(slack, 'listening')
const address = `http://127.0.0.1:${(slack.address() as AddressInfo).port}/api/`

const begun = Date.now()
const hurried: Timer = {
  now: () => begun + (Date.now() - begun) * speed,
  after: (milliseconds, work) => {
    const timer = setTimeout(work, milliseconds / speed)
    return () => clearTimeout(timer)
  },
}
const core = openCore(world, [slackPlugin])
const out = createOutgoing({
  core,
  timer: hurried,
  api: () => ({
    call: async (method, args) => {
      const answer = await fetch(`${address}${method}`, { method: 'POST', body: JSON.stringify(args) })
      return (await answer.json()) as Record<string, unknown>
    },
  }),
})
const workspaces: Workspace[] = []
while (workspaces.length < 10) workspaces.push(await connect())

const first = await send(0, warm)
const early = await heap()
const rest = await send(warm, posts)
const late = await heap()
await out.close()
await core.close()
slack.closeAllConnections()
slack.close()
await world.close()

console.log(`${Math.round(first)} and then ${Math.round(rest)} posts a second, each two commits and an exchange with Slack`) // prettier-ignore
report(`Memory over ${posts.toLocaleString('en')} posts to Slack, ${atOnce} at once`, [
  {
    figure: `heap after ${posts.toLocaleString('en')} posts against ${warm.toLocaleString('en')}`,
    ours: late,
    peer: early,
    unit: 'MB',
    limit: { is: 'at most', value: 1.1 },
  },
])

/** Posts a second, from one number to another. */
async function send(from: number, to: number): Promise<number> {
  let next = from
  const start = performance.now()
  const sender = async (): Promise<void> => {
    for (let index = next++; index < to; index = next++) await post(index)
  }
  await Promise.all(Array.from({ length: atOnce }, sender))
  return ((to - from) / (performance.now() - start)) * 1_000
}

async function post(index: number): Promise<void> {
  const workspace = workspaces[index % workspaces.length]!
  const channel = `C${Math.floor(index / workspaces.length) % channelsEach}`
  const text = `Svar ${index}: **to** kunder venter, den ene siden i går.`
  await out.post({ workspace, channel, thread: `${index}.0001`, isDirect: false }, { text }, `bench ${index}`)
}

async function connect(): Promise<Workspace> {
  const [tenant, id, teamId] = [randomUUID(), randomUUID(), 'T0NORDLYS']
  await world.admin.query(
    `INSERT INTO slack.workspaces (tenant_id, id, name, app_id, team_id, bot_user_id, bot_id)
     VALUES ($1, $2, 'Nordlys', 'A0TEKUP', $3, 'U0BOT', 'B0BOT')`,
    [tenant, id, teamId],
  )
  return {
    tenant, id, teamId, appId: 'A0TEKUP', enterpriseId: null, botUserId: 'U0BOT', botId: 'B0BOT', name: 'Nordlys',
  } // prettier-ignore
}

/** Megabytes in use, after what nobody needs is gone. */
async function heap(): Promise<number> {
  for (let times = 0; times < 3; times++) {
    globalThis.gc?.()
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return process.memoryUsage().heapUsed / 1024 / 1024
}
