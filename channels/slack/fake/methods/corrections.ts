import type { MethodDefinition } from './definitions.ts'

const list = { type: 'array' } as const
const object = { type: 'object' } as const
const text = { type: 'string' } as const
const blocksAndMore = { blocks: list, attachments: list, metadata: object }
const markdown = { ...text, maxLength: 12_000 }

/**
 * Where the documentation is wrong or says less than Slack does. Seen in Slack's own libraries and pages:
 * appendStream takes chunks alone; stopStream takes session_status; what is JSON in a string is an object.
 */
export const corrections: Readonly<Record<string, Partial<MethodDefinition>>> = {
  'chat.postMessage': { args: { ...blocksAndMore, markdown_text: markdown, client_msg_id: text } },
  'chat.postEphemeral': { args: { ...blocksAndMore, markdown_text: markdown } },
  'chat.update': { args: { ...blocksAndMore, markdown_text: markdown, unfurled_attachments: list } },
  'chat.startStream': { args: { markdown_text: markdown, recipient_user_id: text } },
  'chat.appendStream': { required: ['channel', 'ts'], args: { markdown_text: markdown, ts: text } },
  'chat.stopStream': {
    args: {
      blocks: list, metadata: object, markdown_text: markdown, ts: text,
      session_status: { ...text, enum: ['active', 'processing', 'suspended', 'closed'] },
    }, // prettier-ignore
  },
  'chat.unfurl': {
    required: ['unfurls'],
    args: { unfurls: object, metadata: object, user_auth_blocks: list },
  },
  'assistant.threads.setSuggestedPrompts': { args: { channel_id: text, prompts: { ...list, maxItems: 4 } } },
  'assistant.threads.setTitle': { args: { channel_id: text } },
  'conversations.open': { args: { channel: text } },
  'conversations.history': { args: { limit: { type: 'integer', minimum: 1, maximum: 999 } } },
  'conversations.replies': { args: { limit: { type: 'integer', minimum: 1, maximum: 1000 } } },
  'conversations.members': { args: { limit: { type: 'integer', minimum: 1, maximum: 1000 } } },
  'files.completeUploadExternal': { args: { channel_id: text, blocks: list, files: list } },
  'users.info': { args: { user: text } },
  'chat.delete': { args: { ts: text } },
  'views.open': { args: { view: object, trigger_id: text, interactivity_pointer: text } },
  'views.push': { args: { view: object, trigger_id: text, interactivity_pointer: text } },
  'views.publish': { args: { view: object } },
  'views.update': { args: { view: object } },
  'oauth.v2.access': { scopes: {} },
}

const paging = { cursor: text, limit: { type: 'integer', minimum: 1, maximum: 1000 } } as const

/** Methods of which the documentation was not at hand; from Slack's pages and its own client library. */
export const additions: Readonly<Record<string, MethodDefinition>> = {
  'auth.revoke': method('t3', [], [], { test: { type: 'boolean' } }),
  'apps.event.authorizations.list': method('t5', [], ['event_context'], { event_context: text, ...paging }),
  'apps.uninstall': method('t1', [], ['client_id', 'client_secret'], {
    client_id: text,
    client_secret: text,
  }),
  'blocks.validate': method('t4', [], [], { blocks: list, view: object, message: object }),
  'chat.getPermalink': method('t5', [], ['channel', 'message_ts'], { channel: text, message_ts: text }),
  'bots.info': method('t3', ['users:read'], [], { bot: text }),
  'conversations.list': method('t2', ['channels:read', 'groups:read', 'im:read', 'mpim:read'], [], {
    exclude_archived: { type: 'boolean' },
    types: text,
    ...paging,
  }),
  'entity.presentDetails': method('t3', ['links:write'], ['trigger_id'], {
    trigger_id: text,
    metadata: object,
    user_auth_required: { type: 'boolean' },
    user_auth_url: text,
    error: object,
  }),
  'users.list': method('t2', ['users:read'], [], { include_locale: { type: 'boolean' }, ...paging }),
}

function method(
  tier: string,
  bot: readonly string[],
  required: readonly string[],
  args: MethodDefinition['args'],
): MethodDefinition {
  return { tier, scopes: bot.length > 0 ? { bot } : {}, json: true, required, args, errors: [] }
}
