import { askAboutThis, botEvents, botScopes, slashCommand } from './needs.ts'

export interface ManifestRequest {
  readonly name: string
  /** Where TekUp is reached: `https://tekup.example`. */
  readonly address: string
  /** Slack's id of a company's own app; the installation's has none in its addresses. */
  readonly appId?: string | undefined
  readonly socketMode: boolean
}

export const eventsPath = '/slack/events'
export const redirectPath = '/slack/oauth_redirect'

/** What Slack's page "create an app from a manifest" takes (slackapi/manifest-schema). */
export function appManifest({ name, address, appId, socketMode }: ManifestRequest) {
  const url = address + eventsPath + (appId === undefined ? '' : `/${appId}`)
  const requestUrl = socketMode ? {} : { request_url: url }
  return {
    display_information: { name, description: 'AI agents that work with you on the company’s own data' },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: name, always_online: true },
      agent_view: { agent_description: 'Finds, changes and sends what the company’s own data holds, with your own rights' },
      slash_commands: [{ command: slashCommand, description: 'Ask the agent', usage_hint: '[question]', should_escape: true, ...(!socketMode && { url }) }],
      shortcuts: [{ name: 'Ask about this', type: 'message', callback_id: askAboutThis, description: 'Ask the agent about a message' }],
    },
    oauth_config: { redirect_urls: [address + redirectPath], scopes: { bot: [...botScopes] } },
    settings: {
      event_subscriptions: { ...requestUrl, bot_events: [...botEvents] },
      interactivity: { is_enabled: true, ...requestUrl, ...(!socketMode && { message_menu_options_url: url }) },
      org_deploy_enabled: true,
      socket_mode_enabled: socketMode,
      token_rotation_enabled: true,
    },
  }
} // prettier-ignore
