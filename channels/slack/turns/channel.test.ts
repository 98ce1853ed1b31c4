import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { coreErrors, readConfig } from '#core'
import { describeChannel, type ChannelAnswer, type ChannelSend } from '#core/testing'
import { sendByHttp } from '../fake/httpDelivery.ts'
import { startFakeSlack, type FakeSlack } from '../fake/index.ts'
import type { Message } from '../fake/state.ts'
import { slackDomain } from '../plugin.ts'
import { serveSlack, type SlackWorld } from '../testing/slackWorld.ts'
import { linkPerson } from './testWorld.ts'

let slack: FakeSlack

describeChannel(
  'Slack',
  async (world, conversations) => driverOf(await serveSlack(world, slack, conversations)),
  async () => {
    slack = await startFakeSlack({ limits: false })
    const environment = { ...slack.settings, EGRESS_ONLY: 'false' }
    return { plugins: [slackDomain(readConfig(environment))], environment }
  },
)

/** Each company has a workspace of its own, in which one of its people writes to the bot alone. */
function driverOf(world: SlackWorld) {
  const homes = new Map<string, Promise<string>>()
  const roots = new Map<string, Message>()
  const sent = new Map<string, Promise<ChannelAnswer>>()
  const homeOf = (tenant: string): Promise<string> => {
    const known = homes.get(tenant) ?? moveIn(world, tenant)
    homes.set(tenant, known)
    return known
  }

  async function send({ tenant, text, conversation, signal }: ChannelSend): Promise<ChannelAnswer> {
    const person = await homeOf(tenant)
    const thread = roots.get(`${tenant} ${conversation}`)
    const message = slack.say(person, '@bot', escaped(text), thread && { thread })
    signal?.addEventListener('abort', () => void slack.stop(person, message))
    const answer = await answerOf(world, tenant, message)
    roots.set(`${tenant} ${answer.conversation}`, thread ?? message)
    return answer
  }

  return {
    conversationsAreNamed: false as const,
    close: () => world.close(),
    send: async (message: ChannelSend): Promise<ChannelAnswer> => {
      const { delivery = randomUUID(), text } = message
      const known = sent.get(delivery)
      if (known) await deliverAgain(text)
      const answer = known ?? send(message)
      sent.set(delivery, answer)
      return answer
    },
  }
}

async function moveIn(world: SlackWorld, tenant: string): Promise<string> {
  const name = `anna-${tenant}`
  const team = slack.workspace.addTeam(tenant)
  slack.workspace.addUser(team, { name, realName: 'Anna', isAdmin: true })
  const { id } = await world.connect(tenant, name)
  await linkPerson(world, tenant, id, name, world.callerOf(tenant).actor.id)
  return name
}

/** As Slack does when it was not sure that an event arrived. */
async function deliverAgain(text: string): Promise<void> {
  const { requestUrl = '', signingSecret } = slack.app
  const told = slack.deliveries.log.find(({ delivery }) => JSON.stringify(delivery.payload).includes(JSON.stringify(escaped(text)))) // prettier-ignore
  if (told)
    await sendByHttp(requestUrl, signingSecret, { ...told.delivery, attempt: 1, reason: 'http_timeout' })
}

/** What stands in Slack for a message, once it is answered. */
async function answerOf(world: SlackWorld, tenant: string, { channel, ts }: Message): Promise<ChannelAnswer> {
  for (let tries = 0; tries < 400; tries++) {
    const { rows } = await world.admin.query(
      `SELECT o.sent, t.conversation_id FROM slack.messages m JOIN slack.threads t
         ON t.tenant_id = m.tenant_id AND t.workspace_id = m.workspace_id AND t.channel = m.channel AND t.root = m.root
       JOIN slack.outbox o ON o.tenant_id = m.tenant_id AND o.workspace_id = m.workspace_id AND o.key LIKE 'answer:' || m.channel || ':' || m.ts || ':%'
       WHERE m.tenant_id = $1 AND m.channel = $2 AND m.ts = $3 AND m.state IN ('answered', 'stopped') AND o.state = 'sent'`,
      [tenant, channel.id, ts],
    )
    if (rows[0]) return shown(channel.messages.find((one) => one.ts === rows[0].sent.at(-1))?.text ?? '', rows[0].conversation_id) // prettier-ignore
    await sleep(50)
  }
  throw new Error('It was not answered within twenty seconds.')
}

/** A sentence in place of an answer stands in italics. */
function shown(markdown: string, conversation: string): ChannelAnswer {
  const text = markdown.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
  const message = /^_(.*)_$/s.exec(text)?.[1]
  const code = Object.entries(coreErrors).find(
    ([, { en }]) => message === en || (en.includes('{') && message?.startsWith(en.split('{', 1)[0] || '\0')),
  )?.[0]
  return { conversation, text, ...(message && code && { error: { code, message } }) }
}

/** As Slack tells what somebody typed. */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
