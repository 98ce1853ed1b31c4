import { describeMessage, describeUser } from './describe.ts'
import { canBeStopped } from './methods/sessionState.ts'
import type { Channel, Fields, Message, User } from './state.ts'
import { describeView } from './views.ts'
import type { View, World } from './world.ts'

/** All that one person sees of Slack, for the page. */
export function sightOf(world: World, person: string): Fields {
  const { workspace, app } = world
  const people = workspace.users.filter(({ kind }) => kind !== 'bot' && kind !== 'deactivated')
  const user = people.find(({ id, name }) => id === person || name === person) ?? people[0]!
  const installation = world.installations.of(user.team)
  if (installation) workspace.direct(user.team, [user, installation.bot])
  return {
    me: user.id, team: { id: user.team.id, name: user.team.name },
    app: {
      name: app.manifest.display_information.name, id: app.id, isInstalled: installation !== undefined,
      bot: installation?.bot.id, hasHome: app.manifest.features?.app_home?.home_tab_enabled === true,
      commands: app.manifest.features?.slash_commands ?? [], shortcuts: app.manifest.features?.shortcuts ?? [],
      canBeStopped: canBeStopped(world), requestUrl: app.requestUrl, usesSocketMode: app.usesSocketMode,
    },
    people: workspace.users.map((one) => ({ ...describeUser(one, user.team.id, true), teamName: one.team.name })),
    channels: workspace.channels
      .filter((channel) => channel.members.has(user.id))
      .map((channel) => channelSeen(world, channel, user)),
    modals: viewsOf(world, user, 'modal'),
    home: viewsOf(world, user, 'home').at(-1),
    faults: faultsOf(world),
  } // prettier-ignore
}

function channelSeen(world: World, channel: Channel, user: User): Fields {
  const bot = world.installations.of(channel.team)?.bot
  return {
    id: channel.id, name: channel.name, kind: channel.kind, topic: channel.topic,
    members: [...channel.members], isShared: channel.sharedWith.length > 0,
    hasBot: bot !== undefined && channel.members.has(bot.id),
    messages: channel.messages
      .filter(({ onlyFor }) => onlyFor === undefined || onlyFor === user.id)
      .map((message) => messageSeen(world, message, user)),
    sessions: [...world.sessions.values()]
      .filter((session) => session.channel === channel.id)
      .map(({ threadTs, status, words, loading, title }) => ({ threadTs, status, words, loading, title })),
    prompts: world.prompts.get(channel.id),
  } // prettier-ignore
}

/** Words that come are seen by the one they are for; others see the first of them until the end. */
function messageSeen(world: World, message: Message, user: User): Fields {
  const seen = { ...describeMessage(world, message), isOnlyForMe: message.onlyFor !== undefined }
  const { stream, channel } = message
  const isHidden = stream?.state === 'in_progress' && channel.kind !== 'im' && stream.recipient !== user.id
  return isHidden
    ? { ...seen, text: stream.firstSight, blocks: [{ type: 'markdown', text: stream.firstSight }] }
    : seen
}

const viewsOf = (world: World, user: User, type: View['type']): Fields[] =>
  [...world.views.values()]
    .filter((view) => view.isOpen && view.user === user && view.type === type)
    .map((view) => describeView(world, view))

/** Deliveries that the app did not take, the newest few. */
const faultsOf = ({ deliveries }: World): object[] =>
  deliveries.log
    .filter(({ answer }) => answer.failure)
    .slice(-3)
    .map(({ delivery, answer }) => ({
      what:
        (delivery.payload['event'] as Fields | undefined)?.['type'] ??
        delivery.payload['type'] ??
        delivery.kind,
      attempt: delivery.attempt,
      failure: answer.failure,
    }))
