import type { App, BlockButtonAction } from '@slack/bolt'
import { presentPerson } from '../present.ts'
import type { SlackParts } from '../parts.ts'
import { callAs } from './approval.ts'
import { actions } from './card.ts'
import { listenEdits } from './edit.ts'
import { pressOf, tellRefusal } from './refusal.ts'

const decisions = {
  [actions.approve]: ['platform.approvals.approve', {}],
  [actions.reject]: ['platform.approvals.reject', {}],
  [actions.always]: ['platform.approvals.approve', { always: {} }],
} as const

/** The buttons of a card: the core decides, as the employee who pressed; what it refuses is said to them alone. */
export function listenApprovals(app: App, parts: SlackParts): void {
  for (const [action, [operation, more]] of Object.entries(decisions))
    app.action<BlockButtonAction>(action, async ({ ack, body, context, action: pressed }) => {
      await ack()
      const present = await presentPerson(parts, context)
      if (!present) return
      const press = pressOf(present, pressed.value ?? '', body)
      await callAs(parts.core, present.who, operation, { id: press.id, ...more }).catch((error: unknown) =>
        tellRefusal(parts, press, error),
      )
    })
  listenEdits(app, parts)
  // A button that only opens an address is told to the app as well.
  app.action(actions.open, async ({ ack }) => ack())
}
