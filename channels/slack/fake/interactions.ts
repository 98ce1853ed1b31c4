import type { Answer } from './deliveries.ts'
import { describeMessage } from './describe.ts'
import { SlackRefusal } from './refusal.ts'
import { respond } from './responses.ts'
import type { Channel, Fields, Message, Team, User } from './state.ts'
import { checkView } from './blockKit/validate.ts'
import { changeView, closeView, describeView, openView } from './views.ts'
import { elementsOf, valueOf, valuesOf, type Answers } from './viewState.ts'
import type { View, World } from './world.ts'

/** What every interaction carries: who, where, for which app, and a trigger for a modal. */
function everyInteraction(world: World, user: User, team: Team, viewId?: string): Fields {
  const installation = world.installations.of(team)
  return {
    team: { id: team.id, domain: team.domain },
    user: { id: user.id, username: user.name, name: user.name, team_id: user.team.id },
    api_app_id: world.app.id, token: 'verification',
    trigger_id: world.triggers.issue({ user, team, ...(viewId && { viewId }) }),
    enterprise: team.enterprise ?? null, is_enterprise_install: installation?.isOrgWide ?? false,
  } // prettier-ignore
}

/** A person uses an element of a message: presses a button, chooses an option. */
export async function actInMessage(
  world: World,
  user: User,
  message: Message,
  actionId: string,
  answer?: unknown,
): Promise<Answer> {
  const { channel, ts, threadTs, onlyFor } = message
  const payload = {
    type: 'block_actions', ...everyInteraction(world, user, channel.team),
    container: {
      type: 'message', message_ts: ts, channel_id: channel.id, is_ephemeral: onlyFor !== undefined,
      ...(threadTs && { thread_ts: threadTs }),
    },
    channel: { id: channel.id, name: channelName(channel) },
    ...(onlyFor === undefined && { message: describeMessage(world, message) }),
    state: { values: valuesOf({ blocks: message.blocks }, {}) },
    response_url: world.triggers.issueUrl(world.address, { channel, user, message }),
    actions: [actionIn(world, message.blocks, actionId, answer)],
  } // prettier-ignore
  return world.deliveries.ask('interactive', payload)
}

export async function actInView(
  world: World,
  view: View,
  actionId: string,
  answer?: unknown,
  answers: Answers = {},
): Promise<Answer> {
  const payload = {
    type: 'block_actions', ...everyInteraction(world, view.user, view.team, view.id),
    container: { type: 'view', view_id: view.id }, view: describeView(world, view, valuesOf(view.content, answers)),
    actions: [actionIn(world, view.content['blocks'], actionId, answer)],
  } // prettier-ignore
  return world.deliveries.ask('interactive', payload)
}

function actionIn(world: World, blocks: unknown, actionId: string, answer: unknown): Fields {
  for (const block of blocks as (Fields & { type: string })[])
    for (const element of [...elementsOf(block), ...cardsOf(block)])
      if (element['action_id'] === actionId) return actionOf(world, block, element, answer)
  throw new Error(`The fake Slack finds no element with the action_id "${actionId}" there.`)
}

/** Buttons of cards, which stand a step further in. */
const cardsOf = ({ actions, elements }: Fields): Fields[] => [
  ...((actions ?? []) as Fields[]),
  ...((elements ?? []) as Fields[]).flatMap((card) => (card['actions'] ?? []) as Fields[]),
]

function actionOf(world: World, block: Fields, element: Fields, answer: unknown): Fields {
  const { type, action_id, text } = element
  const common = { type, action_id, block_id: block['block_id'], action_ts: world.ids.timestamp() }
  if (type === 'feedback_buttons') {
    const button = element[answer === 'negative' ? 'negative_button' : 'positive_button'] as Fields
    return { ...common, text: button['text'], value: button['value'] }
  }
  if (type === 'button' || type === 'icon_button')
    return {
      ...common,
      text,
      ...(element['value'] !== undefined && { value: element['value'] }),
      ...(element['icon'] !== undefined && { icon: element['icon'] }),
    }
  if (type === 'overflow')
    return { ...common, ...valueOf({ ...element, type: 'static_select' }, answer), type }
  return { ...common, ...valueOf(element, answer) }
}

/** A person submits a modal; what the app says to it happens to the modal. */
export async function submitView(world: World, view: View, answers: Answers): Promise<Answer> {
  const answer = await world.deliveries.ask('interactive', {
    type: 'view_submission', ...everyInteraction(world, view.user, view.team, view.id),
    view: describeView(world, view, valuesOf(view.content, answers)), response_urls: [],
  }) // prettier-ignore
  if (answer.failure) return answer
  return obey(world, view, answer)
}

/** A modal closes when its app says nothing; what the app says wrongly is shown as a failure. */
function obey(world: World, view: View, answer: Answer): Answer {
  const { response_action: action, view: next } = (answer.body || {}) as Fields
  try {
    if (action === undefined) closeView(world, view, false)
    else if (action === 'clear') closeView(world, view, true)
    else if (action === 'update') changeView(world, view, checkView(next as Fields, 'modal'))
    else if (action === 'push')
      openView(world, {
        content: checkView(next as Fields, 'modal'),
        user: view.user,
        team: view.team,
        previous: view,
      })
    else if (action !== 'errors') return { ...answer, failure: 'invalid_response_action' }
  } catch (error) {
    if (error instanceof SlackRefusal) return { ...answer, failure: error.code }
    throw error
  }
  return answer
}

/** A person closes a modal; the app is told where it asked to be. */
export async function dismissView(world: World, view: View): Promise<Answer> {
  const all = view.content['clear_on_close'] === true
  closeView(world, view, all)
  if (view.content['notify_on_close'] !== true) return {}
  return world.deliveries.ask('interactive', {
    type: 'view_closed', ...everyInteraction(world, view.user, view.team), is_cleared: all,
    view: describeView(world, view),
  }) // prettier-ignore
}

/** Options of an external select while a person types. */
export async function suggest(world: World, view: View, actionId: string, value: string): Promise<Answer> {
  const { block_id } = actionIn(world, view.content['blocks'], actionId, null)
  return world.deliveries.ask('interactive', {
    type: 'block_suggestion', ...everyInteraction(world, view.user, view.team), action_id: actionId, block_id, value,
    container: { type: 'view', view_id: view.id }, view: describeView(world, view),
  }) // prettier-ignore
}

export async function useShortcut(
  world: World,
  user: User,
  callbackId: string,
  message?: Message,
): Promise<Answer> {
  const team = message?.channel.team ?? user.team
  const common = {
    ...everyInteraction(world, user, team),
    callback_id: callbackId,
    action_ts: world.ids.timestamp(),
  }
  if (!message) return world.deliveries.ask('interactive', { type: 'shortcut', ...common })
  const { channel, ts } = message
  return world.deliveries.ask('interactive', {
    type: 'message_action', ...common, message: describeMessage(world, message), message_ts: ts,
    channel: { id: channel.id, name: channelName(channel) },
    response_url: world.triggers.issueUrl(world.address, { channel, user, message }),
  }) // prettier-ignore
}

/** A person writes a slash command; an answer at once is shown as one at the response URL would be. */
export async function useCommand(
  world: World,
  user: User,
  channel: Channel,
  command: string,
  text: string,
): Promise<Answer> {
  const { team } = channel
  const target = { channel, user }
  const { trigger_id, is_enterprise_install } = everyInteraction(world, user, team)
  const answer = await world.deliveries.ask('slash_commands', {
    token: 'verification', team_id: team.id, team_domain: team.domain,
    ...(team.enterprise && { enterprise_id: team.enterprise.id, enterprise_name: team.enterprise.name }),
    channel_id: channel.id, channel_name: channelName(channel), user_id: user.id, user_name: user.name, command, text,
    api_app_id: world.app.id, is_enterprise_install: String(is_enterprise_install),
    response_url: world.triggers.issueUrl(world.address, target), trigger_id,
  }) // prettier-ignore
  const said = typeof answer.body === 'string' ? { text: answer.body } : (answer.body as Fields | undefined)
  if (!answer.failure && said && (said['text'] || said['blocks'])) respond(world, target, said)
  return answer
}

const channelName = ({ kind, name }: Channel): string =>
  ({ public: name, private: 'privategroup', im: 'directmessage', mpim: name })[kind]
