import { getWorkspace, listWorkspaces } from './connected.ts'
import { disconnectWorkspace } from './disconnecting.ts'
import { beginInstall, finishInstall } from './installing.ts'
import { manifestOperation } from './manifestOperation.ts'
import { appOperations } from './ownApp.ts'
import type { SlackSettings } from './settings.ts'

export const installOperations = (settings: SlackSettings) => [
  listWorkspaces,
  getWorkspace,
  disconnectWorkspace(settings),
  beginInstall(settings),
  finishInstall(settings),
  ...appOperations,
  manifestOperation(settings),
]
