import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** The part of an app's manifest that the fake acts on; the whole is checked against Slack's own schema. */
export interface Manifest {
  readonly display_information: { readonly name: string; readonly description?: string }
  readonly features?: {
    readonly app_home?: { readonly home_tab_enabled?: boolean; readonly messages_tab_enabled?: boolean }
    readonly bot_user?: { readonly display_name: string }
    readonly agent_view?: object
    readonly slash_commands?: readonly { readonly command: string; readonly description: string }[]
    readonly shortcuts?: readonly ManifestShortcut[]
    readonly unfurl_domains?: readonly string[]
  }
  readonly oauth_config?: {
    readonly redirect_urls?: readonly string[]
    readonly scopes?: { readonly bot?: readonly string[]; readonly user?: readonly string[] }
  }
  readonly settings?: {
    readonly event_subscriptions?: { readonly bot_events?: readonly string[] }
    readonly interactivity?: { readonly is_enabled: boolean }
    readonly org_deploy_enabled?: boolean
    readonly socket_mode_enabled?: boolean
    readonly token_rotation_enabled?: boolean
  }
}

export interface ManifestShortcut {
  readonly name: string
  readonly type: 'message' | 'global'
  readonly callback_id: string
  readonly description: string
}

const schema = z.fromJSONSchema(
  JSON.parse(readFileSync(new URL('data/manifest.schema.json', import.meta.url), 'utf8')) as z.core.JSONSchema.JSONSchema,
) // prettier-ignore

/** What Slack would refuse in a manifest, a line each: where, and why. */
export function faultsOfManifest(manifest: unknown): string[] {
  const checked = schema.safeParse(manifest)
  return [
    ...(checked.error?.issues ?? []).map(({ path, message }) => `/${path.join('/')}: ${message}`),
    ...(checked.success ? faultsBetween(manifest as Manifest) : []),
  ]
}

/** What the schema cannot say: settings that belong together. */
function faultsBetween({ features, oauth_config, settings }: Manifest): string[] {
  const scopes = oauth_config?.scopes?.bot ?? []
  const events = settings?.event_subscriptions?.bot_events ?? []
  const faults = events.flatMap((event) => {
    const wanted = scopesOfEvent[event]
    return wanted && !wanted.some((scope) => scopes.includes(scope))
      ? [`/settings/event_subscriptions/bot_events: ${event} needs the scope ${wanted.join(' or ')}`]
      : []
  })
  if (scopes.length > 0 && !features?.bot_user) faults.push('/features/bot_user: bot scopes need a bot user')
  if (features?.slash_commands?.length && !scopes.includes('commands'))
    faults.push('/oauth_config/scopes/bot: slash commands need the scope commands')
  return faults
}

/** Scopes of which an app needs one to be told of an event. */
export const scopesOfEvent: Readonly<Record<string, readonly string[]>> = {
  app_mention: ['app_mentions:read'],
  app_context_changed: ['assistant:write'],
  agent_session_stopped: ['chat:write'],
  agent_session_title_changed: ['chat:write'],
  'message.channels': ['channels:history'],
  'message.groups': ['groups:history'],
  'message.im': ['im:history'],
  'message.mpim': ['mpim:history'],
  member_joined_channel: ['channels:read', 'groups:read'],
  reaction_added: ['reactions:read'],
  link_shared: ['links:read'],
  file_shared: ['files:read'],
}

/** An agent with everything that this Slack can show, for where no other manifest is given. */
export const agentManifest: Manifest & object = {
  display_information: { name: 'TekUp', description: 'An agent that works with you' },
  features: {
    app_home: { home_tab_enabled: true, messages_tab_enabled: true },
    bot_user: { display_name: 'tekup' },
    agent_view: { agent_description: 'Works with you on the company’s own data' },
    slash_commands: [{ command: '/tekup', description: 'Ask the agent' }],
    shortcuts: [
      { name: 'Ask the agent', type: 'message', callback_id: 'ask_message', description: 'Ask about this' },
      { name: 'New task', type: 'global', callback_id: 'new_task', description: 'Give the agent a task' },
    ],
    unfurl_domains: ['tekup.example'],
  },
  oauth_config: {
    scopes: {
      bot: [
        'app_mentions:read', 'assistant:write', 'chat:write', 'im:history', 'im:read', 'im:write',
        'channels:history', 'groups:history', 'mpim:history', 'channels:read', 'groups:read', 'mpim:read',
        'channels:join', 'users:read', 'users:read.email', 'team:read', 'reactions:read', 'reactions:write',
        'files:read', 'files:write', 'commands', 'links:read', 'links:write',
      ], // prettier-ignore
    },
  },
  settings: {
    event_subscriptions: {
      bot_events: [
        'app_home_opened', 'app_mention', 'message.im', 'message.channels', 'message.groups', 'message.mpim',
        'app_context_changed', 'agent_session_stopped', 'agent_session_title_changed', 'app_uninstalled',
        'tokens_revoked', 'member_joined_channel', 'reaction_added', 'link_shared', 'file_shared',
      ], // prettier-ignore
    },
    interactivity: { is_enabled: true },
    org_deploy_enabled: true,
    socket_mode_enabled: false,
    token_rotation_enabled: true,
  },
}
