import { hears } from './app.ts'
import { describeMessage } from './describe.ts'
import type { Installation } from './installations.ts'
import { scopesOfEvent } from './manifest.ts'
import type { Channel, Fields, Message, Team } from './state.ts'
import type { World } from './world.ts'

/** Tells the app of an event in a channel that its bot is in, as it would tell each workspace that has it. */
export function tellInChannel(
  world: World,
  channel: Channel,
  event: Fields,
  subscription = String(event['type']),
) {
  for (const team of [channel.team, ...channel.sharedWith]) {
    const installation = world.installations.of(team)
    if (installation && channel.members.has(installation.bot.id))
      tell(world, installation, event, { subscription, channel })
  }
}

interface About {
  readonly subscription?: string
  readonly channel?: Channel
  /** Workspace in which it happened: another company's, in a shared channel. */
  readonly team?: Team
}

/** Tells the app where it subscribed to the event and was granted a scope for it. */
export function tell(world: World, installation: Installation, event: Fields, about: About = {}): void {
  const subscription = about.subscription ?? String(event['type'])
  const scopes = scopesOfEvent[subscription]
  if (!hears(world.app, subscription)) return
  if (scopes && !scopes.some((scope) => installation.scopes.includes(scope))) return
  world.deliveries.event(envelope(world, installation, event, about))
}

function envelope(world: World, installation: Installation, event: Fields, { channel, team }: About): Fields {
  const { enterprise, isOrgWide, bot } = installation
  const authorization = {
    enterprise_id: enterprise?.id ?? null,
    team_id: isOrgWide ? null : installation.team.id,
    user_id: bot.id,
    is_bot: true,
    is_enterprise_install: isOrgWide,
  }
  const home = channel?.team ?? installation.team
  return {
    token: 'verification', team_id: authorOf(world, event) ?? (team ?? home).id,
    context_team_id: isOrgWide ? home.id : installation.team.id, context_enterprise_id: enterprise?.id ?? null,
    api_app_id: world.app.id, event, type: 'event_callback', event_id: world.ids.next('Ev'),
    event_time: Math.floor(world.clock.now() / 1000), authorizations: [authorization],
    is_ext_shared_channel: (channel?.sharedWith.length ?? 0) > 0,
    event_context: `4-${Buffer.from(JSON.stringify({ et: event['type'], tid: home.id, aid: world.app.id })).toString('base64url')}`,
  } // prettier-ignore
}

/** In a shared channel the outer team is the writer's, not that of the installation. */
const authorOf = (world: World, event: Fields): string | undefined =>
  world.workspace.findUser(String(event['user']))?.team.id

/** A new message: to everybody in the channel, and as a mention to the bot that it names. */
export function tellOfMessage(world: World, message: Message): void {
  const { channel } = message
  const event = {
    ...describeMessage(world, message), channel: channel.id, channel_type: channelType(channel), event_ts: message.ts,
    ...(channel.sharedWith.length > 0 && { user_team: message.teamId, source_team: message.teamId }),
    ...(message.appContext && { app_context: message.appContext }),
  } // prettier-ignore
  tellInChannel(world, channel, event, subscriptionOf(channel))
  if (!message.botId && channel.kind !== 'im') tellOfMention(world, message, event)
  tellOfLinks(world, message)
}

function tellOfMention(world: World, message: Message, event: Fields): void {
  const { channel_type: _, app_context: __, ...rest } = { channel_type: 0, app_context: 0, ...event }
  for (const team of [message.channel.team, ...message.channel.sharedWith]) {
    const installation = world.installations.of(team)
    if (installation && message.text.includes(`<@${installation.bot.id}>`))
      tell(world, installation, { ...rest, type: 'app_mention' }, { channel: message.channel })
  }
}

function tellOfLinks(world: World, { text, channel, ts, threadTs, user, botId }: Message): void {
  const domains = world.app.manifest.features?.unfurl_domains ?? []
  const urls = (text.match(/https?:\/\/[^\s|>]+/g) ?? []).filter((url) =>
    domains.some((domain) => new URL(url).hostname.endsWith(domain)),
  )
  if (urls.length === 0 || botId) return
  tellInChannel(world, channel, {
    type: 'link_shared', user: user.id, channel: channel.id, message_ts: ts, source: 'conversations_history',
    unfurl_id: `${channel.id}.${ts}`, event_ts: ts, ...(threadTs && { thread_ts: threadTs }),
    links: urls.map((url) => ({ url, domain: new URL(url).hostname })),
  }) // prettier-ignore
}

/** An edit or a removal, which Slack tells as a hidden message of its own. */
export function tellOfChange(
  world: World,
  message: Message,
  before: Fields,
  kind: 'changed' | 'deleted',
): void {
  const { channel } = message
  const ts = world.ids.timestamp()
  const change = {
    type: 'message', subtype: `message_${kind}`, channel: channel.id, channel_type: channelType(channel), hidden: true,
    ts, event_ts: ts, previous_message: before,
    ...(kind === 'changed' ? { message: describeMessage(world, message) } : { deleted_ts: message.ts }),
  } // prettier-ignore
  tellInChannel(world, channel, change, subscriptionOf(channel))
}

const types = { public: 'channel', private: 'group', im: 'im', mpim: 'mpim' } as const
const subscriptions = { public: 'channels', private: 'groups', im: 'im', mpim: 'mpim' } as const
export const channelType = ({ kind }: Channel): string => types[kind]
const subscriptionOf = ({ kind }: Channel): string => `message.${subscriptions[kind]}`
