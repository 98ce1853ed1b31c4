import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { createConversations, type AgentEvent, type AgentPort, type AgentTurn } from '#core'
import { shelf } from '#core/testing'
import { sendByHttp } from '../fake/httpDelivery.ts'
import type { FakeSlackOptions } from '../fake/startFakeSlack.ts'
import type { Message } from '../fake/state.ts'
import { serveSlack, startSlackWorld, type SlackWorld } from '../testing/slackWorld.ts'

/** Nordlys, connected, with Anna and Mikkel as its employees, and an agent that does what it is told. */
export interface TurnWorld extends SlackWorld {
  /** Turns that began, oldest first. */
  readonly turns: AgentTurn[]
  readonly workspace: string
  readonly anna: string
  readonly mikkel: string
  /** What the bot wrote in a thread, oldest first. */
  answers(question: Message): string[]
  /** Waits until it is so. */
  until(isSo: () => boolean | Promise<boolean>): Promise<void>
  /** Waits until the turn of these words has come to where it holds; answers it. */
  held(text: string): Promise<AgentTurn>
  /** Lets every turn go on that holds. */
  goOn(): void
  /** Waits until the message with these words, or an edit of it, is a question that is worked on or waits for its turn. */
  asked(text: string): Promise<void>
  /** The thread's conversation in the core, as it is kept. */
  kept(question: Message): Promise<{ role: string; text: string; status: string; author: string | null }[]>
  isUntrusted(question: Message): Promise<boolean>
  /** The channel of another process of the product's, over the same database. Slack tells that one from now on. */
  another(agent?: AgentPort): Promise<Process>
  /** Has Slack tell this process, the first one, again. */
  tellFirst(): Promise<void>
  /** All that processes hold of each other's work is free, as it is some seconds after they are gone. */
  leasesRunOut(): Promise<void>
}

export interface Process {
  readonly channel: SlackWorld['channel']
  /** Where Slack tells it things. */
  readonly address: string
  close(): Promise<void>
}

export async function startTurnWorld(options: FakeSlackOptions = {}): Promise<TurnWorld> {
  const turns: AgentTurn[] = []
  const holding = new Map<AgentTurn, () => void>()
  const agent = {
    run: (turn: AgentTurn) => {
      turns.push(turn)
      return obey(turn, holding)
    },
  }
  const world = await startSlackWorld({ ...options, agent, plugins: [shelf] })
  const { id: workspace } = await world.connect()
  const link = (person: string): Promise<string> => linkPerson(world, world.tenant, workspace, person)
  const [anna, mikkel] = [await link('anna'), await link('mikkel')]
  world.slack.invite('general')
  world.slack.invite('havneby-tandklinik')
  await world.settled()
  const conversationOf = `(SELECT conversation_id FROM slack.threads WHERE channel = $1 AND root = $2)`
  const spotOf = ({ channel, ts, threadTs }: Message): string[] => [channel.id, threadTs ?? ts]
  return {
    ...world,
    turns,
    workspace,
    anna,
    mikkel,
    until,
    held: async (text) => {
      const found = () => [...holding.keys()].find((turn) => turn.text === text)
      await until(() => found() !== undefined)
      return found()!
    },
    goOn: () => holding.forEach((letGo) => letGo()),
    asked: (text) =>
      until(async () => (await world.admin.query(`SELECT FROM slack.messages WHERE text LIKE $1 AND state = 'asked'`, [`%${text}`])).rowCount === 1), // prettier-ignore
    another: async (other = agent) => {
      const conversations = createConversations({ core: world.core, agent: other })
      const { channel, app } = await serveSlack(world, world.slack, conversations, options)
      const address = `${app.listeningOrigin}/slack/events`
      return { channel, address, close: async () => void (await channel.close(), await app.close()) }
    },
    tellFirst: () => world.slack.connect(`${world.app.listeningOrigin}/slack/events`),
    leasesRunOut: async () => {
      for (const [table, column] of leases)
        await world.admin.query(`UPDATE ${table} SET ${column} = now() - interval '1 second' WHERE ${column} IS NOT NULL`) // prettier-ignore
    },
    answers: ({ channel, ts, threadTs }) =>
      channel.messages
        .filter((one) => one.botId !== undefined && one.threadTs === (threadTs ?? ts))
        .map(({ text }) => text),
    kept: async (question) =>
      (await world.admin.query(`SELECT role, text, status, author FROM platform.messages WHERE conversation_id = ${conversationOf} ORDER BY id`, spotOf(question))).rows, // prettier-ignore
    isUntrusted: async (question) =>
      (await world.admin.query(`SELECT untrusted FROM platform.conversations WHERE id = ${conversationOf}`, spotOf(question))).rows[0]?.untrusted === true, // prettier-ignore
  }
}

const leases = [
  ['slack.inbox', 'leased_until'],
  ['slack.messages', 'leased_until'],
  ['slack.outbox', 'lease_until'],
  ['slack.leaders', 'until'],
  ['platform.turns', 'lease_until'],
] as const

/** Says that somebody in Slack is an employee, as they do themselves with their link; answers ours. */
export async function linkPerson(
  { admin, slack }: SlackWorld,
  tenant: string,
  workspace: string,
  person: string,
  employee: string = randomUUID(),
): Promise<string> {
  const { id, realName } = slack.workspace.user(person)
  await admin.query(
    `INSERT INTO slack.people (tenant_id, workspace_id, slack_user, name, standing, employee_id, linked_at, checked_at)
     VALUES ($1, $2, $3, $4, 'member', $5, now(), now() + interval '1 day')`,
    [tenant, workspace, id, realName, employee],
  )
  return employee
}

/** Sends what Slack would, or sends it again, because it was not sure that it arrived. */
export async function redeliver(
  { slack }: SlackWorld,
  payload: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { requestUrl, signingSecret } = slack.app
  await sendByHttp(requestUrl!, signingSecret, {
    kind: 'events_api',
    payload,
    attempt: 1,
    reason: 'http_timeout',
  })
}

/** Does what it is told, line by line: `say <text>`, `hold` until it is let go on or is stopped, `call <operation> <json>`, `break`. */
async function* obey(turn: AgentTurn, holding: Map<AgentTurn, () => void>): AsyncGenerator<AgentEvent, void> {
  const { text, call } = turn
  for (const [place, line] of text.split('\n').entries()) {
    const [verb = '', name = ''] = line.split(' ')
    const rest = line.slice(verb.length + 1)
    if (verb === 'hold') await hold(turn, holding)
    else if (verb === 'call') await call(name, JSON.parse(rest.slice(name.length + 1)), `call_${place}`)
    else if (verb === 'break') throw new Error('the model broke')
    else yield { type: 'text', delta: verb === 'say' ? rest : line }
  }
}

async function hold(turn: AgentTurn, holding: Map<AgentTurn, () => void>): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const stop = (): void => reject(turn.signal.reason)
  turn.signal.addEventListener('abort', stop)
  if (turn.signal.aborted) stop()
  holding.set(turn, resolve)
  await promise.finally(() => holding.delete(turn))
}

const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> =>
  await expect.poll(isSo, { interval: 20 }).toBe(true)
