import type { App } from '@slack/bolt'
import type { Workspace } from '../install/workspace.ts'
import type { SlackParts } from '../parts.ts'
import { rememberChannel } from './channels.ts'

/** Channels that the app comes into stand in the settings; that Slack does not tell their name now keeps nothing else up. */
export function listenChannels(app: App, parts: SlackParts): void {
  const remember = (context: object, channel: string): Promise<void> => {
    const { workspace } = context as { readonly workspace: Workspace }
    return rememberChannel(parts, workspace, channel).catch((error: unknown) =>
      parts.core.log.warn({ err: error, channel }, 'a channel of Slack’s could not be looked up'),
    )
  }
  app.event('app_mention', async ({ event, context }) => remember(context, event.channel))
  // Slack tells of a mention as a message too, and only what it tells first is heard.
  app.event('message', async ({ event, context }) => {
    if (event.subtype === undefined && event.text?.includes(`<@${context.botUserId}>`))
      await remember(context, event.channel)
  })
  app.event('member_joined_channel', async ({ event, context }) => {
    if (event.user === context.botUserId) await remember(context, event.channel)
  })
}
