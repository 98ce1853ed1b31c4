/** Calls a minute that Slack allows a method in a workspace (docs.slack.dev, rate limits); its tiers 2, 3 and 4. */
const methodsOfTier: Readonly<Record<number, readonly string[]>> = {
  20: ['chat.startStream', 'chat.stopStream', 'reactions.remove', 'users.list', 'conversations.list'],
  50: [
    'agents.sessions.rename', 'agents.sessions.setStatus', 'chat.delete', 'chat.unfurl', 'chat.update',
    'conversations.history', 'conversations.info', 'conversations.join', 'conversations.open', 'conversations.replies',
    'entity.presentDetails', 'functions.completeError', 'functions.completeSuccess', 'reactions.add', 'users.lookupByEmail',
  ],
  100: [
    'assistant.threads.setSuggestedPrompts', 'assistant.threads.setTitle', 'chat.appendStream', 'chat.postEphemeral',
    'conversations.members', 'files.completeUploadExternal', 'files.getUploadURLExternal', 'files.info', 'users.info',
    'views.open', 'views.publish', 'views.push', 'views.update',
  ],
  /** Its own limit is by channel; Slack speaks of some hundreds a minute for a workspace. */
  300: ['chat.postMessage', 'assistant.threads.setStatus'],
} // prettier-ignore

const perMinute = new Map(
  Object.entries(methodsOfTier).flatMap(([most, methods]) => methods.map((name) => [name, Number(most)])),
)

/** What is not named is called seldom. */
export const callsAMinute = (method: string): number => perMinute.get(method) ?? 20

/** Messages to a channel are one a second, in short bursts more. */
export const messagesOfChannel = { most: 3, milliseconds: 3_000 }
export const isMessage = (method: string): boolean => method === 'chat.postMessage'

/** Milliseconds that a call may take on its way, so that Slack's window has moved on as far as ours. */
export const margin = 250
