import type { App } from '@slack/bolt'
import type { SlackParts } from '../parts.ts'
import { endWorkspace } from './ending.ts'
import type { Workspace } from './workspace.ts'

/** The app was taken out of the workspace, or its token was taken back. */
export function listenInstall(app: App, { core }: SlackParts): void {
  app.event('app_uninstalled', ({ context, body }) =>
    endWorkspace(core, context['workspace'] as Workspace, 'uninstalled', { told: toldAt(body) }),
  )
  app.event('tokens_revoked', async ({ event, context, body }) => {
    const workspace = context['workspace'] as Workspace
    if (event.tokens.bot?.includes(workspace.botUserId))
      await endWorkspace(core, workspace, 'uninstalled', { told: toldAt(body) })
  })
}

const toldAt = ({ event_time: seconds }: { readonly event_time: number }): Date => new Date(seconds * 1000)
