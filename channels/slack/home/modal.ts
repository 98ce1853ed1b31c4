import type { types } from '@slack/bolt'
import { SlackRefusal } from '../install/refusal.ts'
import type { Workspace } from '../install/workspace.ts'
import type { SlackParts } from '../parts.ts'

/**
 * Opens a modal for somebody who pressed just now: Slack takes their trigger for three seconds, so it is best effort. What was pressed
 * before its process died, and is carried out by another, has none any more.
 */
export async function openModal(
  { core, out }: Pick<SlackParts, 'core' | 'out'>,
  workspace: Workspace,
  trigger: string | undefined,
  view: types.ModalView,
): Promise<void> {
  if (trigger === undefined) return
  try {
    await out.call(workspace, 'views.open', { trigger_id: trigger, view }, { within: triggerLife })
  } catch (error) {
    if (!(error instanceof SlackRefusal)) throw error
    core.log.info({ err: error }, 'a modal in Slack could not be opened')
  }
}

/** Milliseconds that a trigger is good for. */
const triggerLife = 3_000
