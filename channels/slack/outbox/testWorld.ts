import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { testCore, type TestCore } from '#core/testing'
import { startTestWorld, type TestWorld } from '../fake/testWorld.ts'
import type { FakeSlackOptions } from '../fake/startFakeSlack.ts'
import type { Message } from '../fake/state.ts'
import { callSlack, type ApiOf } from '../install/api.ts'
import type { Workspace } from '../install/workspace.ts'
import { slackPlugin } from '../plugin.ts'
import { createOutgoing } from './createOutgoing.ts'
import type { Outgoing, Place } from './outgoing.ts'

/** The database of a test file; each test has a Slack and a company of its own. */
export const outboxGround = (): Promise<TestCore> =>
  testCore([slackPlugin], { SLACK_API_URL: 'http://127.0.0.1/api/' })

/** The gateway before a fake Slack whose clock it goes by, with a workspace that is connected. */
export interface OutboxWorld extends TestCore {
  readonly fake: TestWorld
  readonly workspace: Workspace
  readonly api: ApiOf
  out: Outgoing
  /** Where a message is answered: its thread, for whoever wrote it. */
  placeOf(message: Message): Place
  general(): Place
  /** Lets Slack's time go on until the work is done. */
  passing<Result>(work: Promise<Result>): Promise<Result>
  /** Lets it go on until something is so. */
  until(condition: () => boolean): Promise<void>
  rows(): Promise<{ readonly kind: string; readonly state: string; readonly error: string | null }[]>
  /** A minute without a sign of life from whoever had the rows, without waiting for it. */
  leasesRunOut(): Promise<unknown>
}

export async function outboxWorld(ground: TestCore, options: FakeSlackOptions = {}): Promise<OutboxWorld> {
  const fake = await startTestWorld(options)
  const client = fake.clientFor(fake.token, { rejectRateLimitedCalls: true })
  const api: ApiOf = () => ({ call: (method, args) => callSlack(client, method, args) })
  const workspace = await connect(ground, fake)
  const out = createOutgoing({ core: ground.core, api, timer: fake.slack.clock })
  return {
    ...ground, fake, workspace, api, out,
    placeOf: (message) => placeOf(workspace, message),
    general: () => ({ workspace, channel: fake.general, isDirect: false }),
    passing: (work) => passing(fake, work),
    until: async (condition) => {
      while (!condition()) await passing(fake, sleep(1))
    },
    rows: async () => (await ground.admin.query('SELECT kind, state, error FROM slack.outbox WHERE tenant_id = $1 ORDER BY id', [workspace.tenant])).rows, // prettier-ignore
    leasesRunOut: () => ground.admin.query(`UPDATE slack.outbox SET lease_until = now() - interval '1 second'`),
    close: async () => {
      await out.close()
      await fake.close()
    },
  } // prettier-ignore
}

async function connect({ admin }: TestCore, { client }: TestWorld): Promise<Workspace> {
  const { user_id: botUserId = '', bot_id: botId = '', team_id: teamId = '' } = await client.auth.test()
  const [tenant, id] = [randomUUID(), randomUUID()]
  await admin.query(
    `INSERT INTO slack.workspaces (tenant_id, id, name, app_id, team_id, bot_user_id, bot_id)
     VALUES ($1, $2, 'Nordlys', 'A0TEKUP', $3, $4, $5)`,
    [tenant, id, teamId, botUserId, botId],
  )
  return { tenant, id, appId: 'A0TEKUP', teamId, enterpriseId: null, botUserId, botId, name: 'Nordlys' }
}

const placeOf = (workspace: Workspace, { channel, ts, threadTs, user, teamId }: Message): Place => ({
  workspace,
  channel: channel.id,
  thread: threadTs ?? ts,
  recipient: { team: teamId, user: user.id },
  isDirect: channel.kind === 'im',
})

async function passing<Result>({ slack }: TestWorld, work: Promise<Result>): Promise<Result> {
  const over = work.then(
    () => 'over',
    () => 'over',
  )
  while ((await Promise.race([over, sleep(1, 'going on')])) === 'going on') await slack.clock.advance(100)
  return work
}
