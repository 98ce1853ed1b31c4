import { startFakeSlack, type FakeSlack, type Message } from '../../channels/slack/fake/index.ts'
import { answering } from './answering.ts'

/** A workspace of the fake Slack: who asks the agent in it, and who speaks to the others only. */
export interface SlackTeam {
  readonly team: string
  readonly asker: string
  readonly colleagues: readonly string[]
  readonly channel: string
}

/** What happens in one second, and for how long. */
export interface Load {
  readonly eventsPerSecond: number
  readonly questionsPerSecond: number
  readonly seconds: number
  readonly question: string
}

export interface Delivered {
  /** Milliseconds until each event was acknowledged, and from each question to what a person saw first of its answer. */
  readonly acks: readonly number[]
  readonly signs: readonly number[]
  /** Events that were not taken, and questions of which nobody saw a sign. */
  readonly lost: number
}

let slack: FakeSlack
let teams: SlackTeam[] = []
const threads = new Map<SlackTeam, Message>()
let turn = 0

/** Slack, in a process of its own, with everybody in it. */
answering({
  /** Opens it with so many workspaces; answers what the product is started with, and who is there. */
  open: async ({ count, colleagues }: { count: number; colleagues: number }) => {
    slack = await startFakeSlack({ deliveriesPerHour: Infinity })
    teams = Array.from({ length: count }, (_, index) => furnish(index, colleagues))
    return { settings: slack.settings, teams }
  },
  /** Tells whoever is at that address from now on, and lets admins connect from there. */
  connect: async ({ url }: { url: string }) => {
    slack.app.redirectUrls = [`${url}/slack/oauth_redirect`]
    await slack.connect(`${url}/slack/events`)
  },
  /** Puts the bot into every workspace's channel. */
  invite: async () => {
    for (const { channel } of teams) slack.invite(channel)
    await slack.settled()
  },
  /** Lets it happen at its pace, however long the answers take. */
  load: async (load: Load): Promise<Delivered> => {
    const first = slack.deliveries.log.length
    const questions = await atPace(load)
    await slack.settled()
    await until(() => questions.every((one) => firstSign(one) !== undefined), 10_000)
    const log = slack.deliveries.log.slice(first)
    const signs = questions.map(firstSign).filter((sign) => sign !== undefined)
    const untaken = log.filter(({ answer }) => answer.failure !== undefined).length
    return { acks: log.map(({ took }) => took), signs, lost: untaken + questions.length - signs.length }
  },
  /** Lets so many events happen as fast as they are taken, so many at once; answers events a second. */
  flood: async ({ events, atOnce, question }: { events: number; atOnce: number; question: string }) => {
    const first = slack.deliveries.log.length
    const begun = performance.now()
    while (slack.deliveries.log.length - first < events) {
      if (turn % questionEvery < atOnce) ask(question)
      for (let index = 0; index < atOnce; index++) chat()
      await slack.settled()
    }
    return ((slack.deliveries.log.length - first) / (performance.now() - begun)) * 1_000
  },
})

/** Of so many messages one is a question to the agent; the others go on in its thread or beside it. */
const questionEvery = 320

function furnish(index: number, count: number): SlackTeam {
  const { workspace } = slack
  const team = workspace.addTeam(`Firma ${index}`)
  const asker = workspace.addUser(team, { name: `anna${index}`, isAdmin: true })
  const colleagues = Array.from({ length: count }, (_, each) =>
    workspace.addUser(team, { name: `bo${index}-${each}` }),
  )
  const channel = workspace.addChannel(team, { name: `alle${index}`, members: [asker, ...colleagues] })
  return { team: team.id, asker: asker.id, colleagues: colleagues.map(({ id }) => id), channel: channel.id }
}

interface Question {
  readonly message: Message
  readonly at: number
}

async function atPace({ eventsPerSecond, questionsPerSecond, seconds, question }: Load): Promise<Question[]> {
  const questions: Question[] = []
  const begun = performance.now()
  // Slack tells twice of a question: as a message and as a mention.
  const messagesPerSecond = eventsPerSecond - 2 * questionsPerSecond
  let messages = 0
  for (let elapsed = 0; elapsed < seconds; elapsed = (performance.now() - begun) / 1_000) {
    while (questions.length < elapsed * questionsPerSecond) questions.push(ask(question))
    for (; messages < elapsed * messagesPerSecond; messages++) chat()
    await new Promise((later) => setTimeout(later, 2))
  }
  return questions
}

function ask(text: string): Question {
  const team = nextTeam()
  const at = slack.clock.now()
  const message = slack.mention(team.asker, team.channel, text)
  threads.set(team, message)
  return { message, at }
}

/** Somebody tells the others something: every second time in the thread where the agent takes part. */
function chat(): void {
  const team = nextTeam()
  const thread = turn % 2 === 0 ? threads.get(team) : undefined
  const person = team.colleagues[turn % team.colleagues.length]!
  slack.say(person, team.channel, `Kunde ${turn} venter på svar siden i går.`, thread && { thread })
}

const nextTeam = (): SlackTeam => teams[turn++ % teams.length]!

const visible = new Set(['agents.sessions.setStatus', 'assistant.threads.setStatus', 'chat.startStream', 'chat.postMessage']) // prettier-ignore

/** Milliseconds from a question to the first call that shows something in its thread. */
function firstSign({ message, at }: Question): number | undefined {
  const sign = slack
    .calls()
    .find(
      ({ method, arguments: { thread_ts: thread }, answer }) =>
        thread === message.ts && visible.has(method) && answer?.['ok'] === true,
    )
  return sign && sign.at - at
}

async function until(condition: () => boolean, milliseconds: number): Promise<void> {
  const end = performance.now() + milliseconds
  while (!condition() && performance.now() < end) await new Promise((later) => setTimeout(later, 20))
}
