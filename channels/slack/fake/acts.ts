import type { Answer } from './deliveries.ts'
import { tell, tellInChannel } from './events.ts'
import {
  actInMessage,
  actInView,
  dismissView,
  submitView,
  suggest,
  useCommand,
  useShortcut,
} from './interactions.ts'
import type { Installation } from './installations.ts'
import { change, post, remove } from './messages.ts'
import { stopSession } from './methods/sessionState.ts'
import { installAs } from './oauth.ts'
import { uninstall } from './removal.ts'
import type { Channel, Fields, Message, SlackFile, User } from './state.ts'
import { describeView } from './views.ts'
import type { Answers } from './viewState.ts'
import type { View, World } from './world.ts'

/** What people do in Slack. People and channels go by name or id; the channel `@bot` is the conversation with the app. */
export interface Acts {
  say(person: string, channel: string, text: string, more?: Saying): Message
  /** Says it with the bot's mention before it. */
  mention(person: string, channel: string, text: string, more?: Saying): Message
  edit(message: Message, text: string): void
  remove(message: Message): void
  react(person: string, message: Message, name: string): void
  /** Presses a button or chooses an option (by its value) of a message. */
  press(person: string, message: Message, actionId: string, answer?: unknown): Promise<Answer>
  /** Presses a button in the modal or the App Home that the person sees. */
  pressInView(person: string, actionId: string, answer?: unknown, answers?: Answers): Promise<Answer>
  /** Types into a select of the modal on top whose options the app brings; answers what it brought. */
  suggest(person: string, actionId: string, value: string): Promise<Answer>
  /** Submits the modal on top, filled in by block id or action id. */
  submit(person: string, answers?: Answers): Promise<Answer>
  dismiss(person: string): Promise<Answer>
  command(person: string, channel: string, command: string, text?: string): Promise<Answer>
  /** A global shortcut, or one on a message. */
  shortcut(person: string, callbackId: string, message?: Message): Promise<Answer>
  openHome(person: string, tab?: 'home' | 'messages'): View | undefined
  /** The person looks at something else while the conversation with the agent is open beside it. */
  look(person: string, entities: readonly Fields[]): void
  /** Puts the bot into a channel. */
  invite(channel: string): void
  /** Presses Stop in a thread; answers the `ts` of what was streaming. */
  stop(person: string, thread: Message): string[]
  /** Installs the app as an admin allowed it; answers as `oauth.v2.access` does. */
  install(request?: InstallRequest): Fields
  uninstall(team?: string): void
  /** Takes every token of the workspace back, as an admin can. */
  revoke(team?: string): void
  /** A workflow runs a step of the app; answers its execution id. */
  runFunction(callbackId: string, inputs: Fields): string
  /** The modal on top of those that a person has open. */
  modal(person: string): View | undefined
  home(person: string): View | undefined
}

export interface Saying {
  readonly thread?: Message
  readonly appContext?: Fields
  /** Dropped beside the words. */
  readonly file?: { readonly name: string; readonly content: Buffer }
}

export interface InstallRequest {
  readonly team?: string
  readonly by?: string
  readonly orgWide?: boolean
  readonly scopes?: readonly string[]
  readonly userScopes?: readonly string[]
}

export function createActs(world: World): Acts {
  const { workspace } = world
  const installed = (name?: string): Installation =>
    there(world.installations.of(workspace.team(name)), 'installation')
  const placed = (person: string, name: string): Channel => placeOf(world, workspace.user(person), name)
  const modal = (person: string): View | undefined => openViews(world, workspace.user(person), 'modal').at(-1)
  const home = (person: string): View | undefined => openViews(world, workspace.user(person), 'home').at(-1)
  const say: Acts['say'] = (person, channel, text, more = {}) =>
    sayIn(world, workspace.user(person), placed(person, channel), text, more)

  return {
    say, modal, home,
    mention: (person, channel, text, more) => {
      const bot = there(botIn(world, placed(person, channel)), 'bot')
      return say(person, channel, `<@${bot.id}> ${text}`, more)
    },
    edit: (message, text) => editText(world, message, text),
    remove: (message) => remove(world, message),
    react: (person, message, name) => reactTo(world, workspace.user(person), message, name),
    press: (person, message, actionId, answer) => actInMessage(world, workspace.user(person), message, actionId, answer),
    pressInView: (person, actionId, answer, answers) =>
      actInView(world, there(modal(person) ?? home(person), 'view'), actionId, answer, answers),
    suggest: (person, actionId, value) => suggest(world, there(modal(person), 'modal'), actionId, value),
    submit: (person, answers = {}) => submitView(world, there(modal(person), 'modal'), answers),
    dismiss: (person) => dismissView(world, there(modal(person), 'modal')),
    command: (person, channel, command, text = '') =>
      useCommand(world, workspace.user(person), placed(person, channel), command, text),
    shortcut: (person, callbackId, message) => useShortcut(world, workspace.user(person), callbackId, message),
    openHome: (person, tab = 'home') => openHome(world, workspace.user(person), tab, home(person)),
    look: (person, entities) => tellOfContext(world, workspace.user(person), entities),
    invite: (channel) => inviteBot(world, workspace.channel(channel)),
    stop: (person, { channel, ts, threadTs }) => stopSession(world, channel, threadTs ?? ts, workspace.user(person).id),
    install: (request) => installFor(world, request),
    uninstall: (team) => uninstall(world, installed(team)),
    revoke: (team) => revokeAll(world, installed(team)),
    runFunction: (callbackId, inputs) => runFunction(world, callbackId, inputs),
  } // prettier-ignore
}

function placeOf(world: World, user: User, name: string): Channel {
  if (name !== '@bot') return world.workspace.channel(name)
  return world.workspace.direct(user.team, [
    user,
    there(world.installations.of(user.team), 'installation').bot,
  ])
}

const botIn = (world: World, { team, sharedWith }: Channel): User | undefined =>
  [team, ...sharedWith].map((one) => world.installations.of(one)?.bot).find((bot) => bot !== undefined)

function sayIn(
  world: World,
  user: User,
  channel: Channel,
  text: string,
  { thread, appContext, file }: Saying,
): Message {
  if (!channel.members.has(user.id)) throw new Error(`${user.name} is not in ${channel.name}.`)
  return post(world, channel, user, {
    text, clientMessageId: world.ids.secret('client'),
    ...(thread && { threadTs: thread.threadTs ?? thread.ts }), ...(appContext && { appContext }),
    ...(file && { subtype: 'file_share', files: [upload(world, user, channel, file)] }),
  }) // prettier-ignore
}

function upload(
  world: World,
  owner: User,
  channel: Channel,
  { name, content }: NonNullable<Saying['file']>,
): SlackFile {
  const file: SlackFile = {
    id: world.ids.next('F'), name, title: name, size: content.length, team: owner.team, owner, content,
    isComplete: true, channels: [channel.id],
  } // prettier-ignore
  world.workspace.files.push(file)
  return file
}

function editText(world: World, message: Message, text: string): void {
  const edited = { user: message.user.id, ts: world.ids.timestamp() }
  change(world, message, (one) => void Object.assign(one, { text, blocks: [], edited }))
}

function reactTo(world: World, user: User, message: Message, name: string): void {
  const { channel, ts } = message
  message.reactions.set(name, new Set([...(message.reactions.get(name) ?? []), user.id]))
  tellInChannel(world, channel, {
    type: 'reaction_added', user: user.id, reaction: name, item_user: message.user.id,
    item: { type: 'message', channel: channel.id, ts }, event_ts: world.ids.timestamp(),
  }) // prettier-ignore
  world.changes.emit('change')
}

function openViews(world: World, user: User, type: View['type']): View[] {
  return [...world.views.values()].filter((view) => view.isOpen && view.user === user && view.type === type)
}

function openHome(
  world: World,
  user: User,
  tab: 'home' | 'messages',
  view: View | undefined,
): View | undefined {
  const channel = placeOf(world, user, '@bot')
  tell(world, there(world.installations.of(user.team), 'installation'), {
    type: 'app_home_opened', user: user.id, channel: channel.id, tab, event_ts: world.ids.timestamp(),
    ...(view && tab === 'home' && { view: describeView(world, view) }),
  }) // prettier-ignore
  return view
}

function tellOfContext(world: World, user: User, entities: readonly Fields[]): void {
  const channel = placeOf(world, user, '@bot')
  tell(world, there(world.installations.of(user.team), 'installation'), {
    type: 'app_context_changed', channel: channel.id, user: user.id, context: { entities },
    event_ts: world.ids.timestamp(),
  }) // prettier-ignore
}

function inviteBot(world: World, channel: Channel): void {
  const bot = there(botIn(world, channel), 'bot')
  channel.members.add(bot.id)
  tellInChannel(world, channel, {
    type: 'member_joined_channel', user: bot.id, channel: channel.id, channel_type: 'C', team: bot.team.id,
    event_ts: world.ids.timestamp(),
  }) // prettier-ignore
  world.changes.emit('change')
}

function installFor(
  world: World,
  { team: name, by, orgWide = false, scopes, userScopes = [] }: InstallRequest = {},
): Fields {
  const team = world.workspace.team(name)
  const admin = by
    ? world.workspace.user(by)
    : world.workspace.users.find((one) => one.team === team && one.isAdmin)
  const user = there(admin ?? world.workspace.users.find((one) => one.team === team), 'person to install it')
  const wanted = scopes ?? world.app.manifest.oauth_config?.scopes?.bot ?? []
  return installAs(world, { team, user, scopes: wanted, userScopes, orgWide })
}

function revokeAll(world: World, installation: Installation): void {
  const { tokens, revoke } = world.installations
  for (const token of tokens.values()) if (token.installation === installation) revoke(token)
  const names = { oauth: [], bot: [installation.bot.id] }
  tell(world, installation, { type: 'tokens_revoked', tokens: names, event_ts: world.ids.timestamp() })
}

function runFunction(world: World, callbackId: string, inputs: Fields): string {
  const id = world.ids.next('Fx')
  world.executions.set(id, { state: 'running' })
  const installation = there(world.installations.of(world.workspace.team()), 'installation')
  tell(world, installation, {
    type: 'function_executed', inputs, function_execution_id: id, workflow_execution_id: world.ids.next('Wx'),
    function: { id: world.ids.next('Fn'), callback_id: callbackId, title: callbackId, type: 'app', app_id: world.app.id },
    bot_access_token: world.installations.issue('bot', installation, installation.scopes).token.text,
    event_ts: world.ids.timestamp(),
  }) // prettier-ignore
  return id
}

function there<Thing>(thing: Thing | undefined, kind: string): Thing {
  if (thing === undefined) throw new Error(`The fake Slack has no ${kind} for this.`)
  return thing
}
