import type { App } from '@slack/bolt'
import type { SlackParts } from '../parts.ts'
import { endWorkspace } from './ending.ts'
import type { Workspace } from './workspace.ts'

/** The app was taken out of the workspace, or its token was taken back. */
export function listenInstall(app: App, { core }: SlackParts): void {
  app.event('app_uninstalled', ({ context }) =>
    endWorkspace(core, context['workspace'] as Workspace, 'uninstalled'),
  )
  app.event('tokens_revoked', async ({ event, context }) => {
    const workspace = context['workspace'] as Workspace
    if (event.tokens.bot?.includes(workspace.botUserId)) await endWorkspace(core, workspace, 'uninstalled')
  })
}
