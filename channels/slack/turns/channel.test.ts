import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { coreErrors, readConfig } from '#core'
import { describeChannel, type ChannelAnswer, type ChannelSend } from '#core/testing'
import { sendByHttp } from '../fake/httpDelivery.ts'
import { startFakeSlack, unhurried, type FakeSlack } from '../fake/index.ts'
import type { Message } from '../fake/state.ts'
import { slackDomain } from '../plugin.ts'
import { serveSlack, type SlackWorld } from '../testing/slackWorld.ts'
import { linkPerson } from './testWorld.ts'

let slack: FakeSlack

describeChannel(
  'Slack',
  async (world, conversations) => driverOf(await serveSlack(world, slack, conversations)),
  async () => {
    slack = await startFakeSlack({ limits: false, patience: unhurried })
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
    hasCome: async (tenant: string, text: string) => {
      const come = 'SELECT FROM slack.messages WHERE tenant_id = $1 AND text = $2'
      return (await world.admin.query(come, [tenant, text])).rowCount === 1
    },
    close: () => world.close(),
    send: async (message: ChannelSend): Promise<ChannelAnswer> => {
      const { delivery = randomUUID(), text } = message
      const known = sent.get(delivery)
      const answer = known ?? send(message)
      sent.set(delivery, answer)
      if (known) await deliverAgain(world, text)
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

/** As Slack does when it was not sure that an event arrived; resolves once that is worked through. */
async function deliverAgain(world: SlackWorld, text: string): Promise<void> {
  const { requestUrl = '', signingSecret } = slack.app
  const words = JSON.stringify(escaped(text))
  const told = () => slack.deliveries.log.find(({ delivery }) => JSON.stringify(delivery.payload).includes(words)) // prettier-ignore
  await expect.poll(told).toBeDefined()
  await sendByHttp(requestUrl, signingSecret, { ...told()!.delivery, attempt: 1, reason: 'http_timeout' })
  await world.settled()
}

/** What stands in Slack for a message, once it is answered. */
async function answerOf(world: SlackWorld, tenant: string, { channel, ts }: Message): Promise<ChannelAnswer> {
  const answered = async () =>
    (await world.admin.query<{ sent: string[]; conversation_id: string }>(
      `SELECT o.sent, t.conversation_id FROM slack.messages m JOIN slack.threads t
         ON t.tenant_id = m.tenant_id AND t.workspace_id = m.workspace_id AND t.channel = m.channel AND t.root = m.root
       JOIN slack.outbox o ON o.tenant_id = m.tenant_id AND o.workspace_id = m.workspace_id AND o.key LIKE 'answer:' || m.channel || ':' || m.ts || ':%'
       WHERE m.tenant_id = $1 AND m.channel = $2 AND m.ts = $3 AND m.state IN ('answered', 'stopped') AND o.state = 'sent'`,
      [tenant, channel.id, ts],
    )).rows[0] // prettier-ignore
  await expect.poll(answered).toBeDefined()
  const { sent, conversation_id: conversation } = (await answered())!
  return shown(channel.messages.find((one) => one.ts === sent.at(-1))?.text ?? '', conversation)
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
