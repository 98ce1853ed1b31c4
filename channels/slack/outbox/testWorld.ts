import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Database, Egress } from '#core'
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

/** The gateway before a fake Slack whose clock it goes by, with a workspace that is connected. Time goes on only as tests let it. */
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
  const work = createWork()
  const api: ApiOf = () => ({ call: work.counted((method, args) => callSlack(client, method, args)) })
  const { database, egress } = ground.core
  const fetchTo: Egress['fetchTo'] = (to) => work.counted(egress.fetchTo(to))
  const core = { ...ground.core, database: work.countedDatabase(database), egress: { ...egress, fetchTo } }
  const workspace = await connect(ground, fake)
  const out = createOutgoing({ core, api, timer: fake.slack.clock })
  const passing = <Result>(over: Promise<Result>) => letPass(fake, work, over)
  return {
    ...ground, core, fake, workspace, api, out, passing,
    placeOf: (message) => placeOf(workspace, message),
    general: () => ({ workspace, channel: fake.general, isDirect: false }),
    until: (condition) => letPassUntil(fake, work, condition),
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

/** What is under way: time stands still meanwhile, as it all but does for a machine that is quick. */
interface Work {
  readonly isUnderWay: boolean
  counted<Args extends unknown[], Result>(
    work: (...args: Args) => Promise<Result>,
  ): (...args: Args) => Promise<Result>
  countedDatabase(database: Database): Database
}

function createWork(): Work {
  let underWay = 0
  const counted: Work['counted'] =
    (work) =>
    async (...args) => {
      underWay++
      try {
        return await work(...args)
      } finally {
        underWay--
      }
    }
  return {
    get isUnderWay() {
      return underWay > 0
    },
    counted,
    countedDatabase: (database) => {
      const { read, write, platformStatement } = database
      return Object.assign(Object.create(database) as Database, {
        read: counted(read),
        write: counted(write),
        platformStatement: counted(platformStatement),
      })
    },
  }
}

async function letPass<Result>(fake: TestWorld, work: Work, result: Promise<Result>): Promise<Result> {
  let isOver = false
  const end = (): void => void (isOver = true)
  result.then(end, end)
  await letPassUntil(fake, work, () => isOver)
  return result
}

async function letPassUntil({ slack }: TestWorld, work: Work, condition: () => boolean): Promise<void> {
  while (!condition()) {
    await sleep(1)
    if (!condition() && !work.isUnderWay) await slack.clock.advance(100)
  }
}
