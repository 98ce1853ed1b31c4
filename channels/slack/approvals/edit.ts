import { setTimeout as after } from 'node:timers/promises'
import type { App, BlockButtonAction } from '@slack/bolt'
import { Fault } from '#core'
import { openModal } from '../home/modal.ts'
import { presentPerson } from '../present.ts'
import type { SlackParts } from '../parts.ts'
import { callAs } from './approval.ts'
import { actions } from './card.ts'
import { editModal, editView, noticeView, type EditForm } from './editModal.ts'
import { changesIn, type Answers } from './editFields.ts'
import { pressOf, refusalOf, tellRefusal, type Press } from './refusal.ts'

/** "Edit": a modal made from the operation's own fields, and the approval with what was written in it. */
export function listenEdits(app: App, parts: SlackParts): void {
  app.action<BlockButtonAction>(actions.edit, async ({ ack, body, context, action: pressed }) => {
    await ack()
    const present = await presentPerson(parts, context)
    if (!present) return
    const press = pressOf(present, pressed.value ?? '', body)
    await openForm(parts, press, body.trigger_id).catch((error: unknown) => tellRefusal(parts, press, error))
  })
  app.view(editModal, async ({ ack, view, context }) => {
    const present = await presentPerson(parts, context)
    if (!present) return ack()
    const press: Press = { present, ...(JSON.parse(view.private_metadata) as Omit<Press, 'present'>) }
    const settling = settle(parts, press, view.state.values as Answers)
    const refusal = await Promise.race([settling, after(parts.patience - spare, late, { ref: false })])
    if (refusal === undefined) return ack()
    if (refusal === late) {
      await ack()
      const refusedLate = await settling
      return refusedLate && tellRefusal(parts, press, refusedLate.error)
    }
    const { error } = refusal
    const errors = errorsOf(error, Object.keys(view.state.values))
    if (errors) return ack({ response_action: 'errors', errors })
    const notice = noticeView(await refusalOf(parts, press, error), present.who.locale)
    return ack({ response_action: 'update', view: notice })
  })
}

/** Milliseconds before the end of Slack's patience at which it is told that the modal closes, whatever becomes of the question. */
const spare = 1_000
const late = 'late' as const

const formOf = ({ core }: SlackParts, { present, id }: Press): Promise<EditForm> =>
  callAs(core, present.who, 'platform.approvals.form', { id })

async function openForm(parts: SlackParts, press: Press, trigger: string): Promise<void> {
  const { workspace, who } = press.present
  const { present: _, ...where } = press
  const view = editView(await formOf(parts, press), where, who.locale)
  await openModal(parts, workspace, trigger, view)
}

interface Refused {
  readonly error: unknown
}

/** Approves with what differs from what was asked; the form is read anew, as it may be settled meanwhile. */
async function settle(parts: SlackParts, press: Press, answers: Answers): Promise<Refused | undefined> {
  const { present, id } = press
  try {
    const changes = changesIn((await formOf(parts, press)).fields, answers)
    await callAs(parts.core, present.who, 'platform.approvals.approve', { id, changes })
    return undefined
  } catch (error) {
    return { error }
  }
}

/** What is wrong stands under its field; nothing where it is about none that is shown. */
function errorsOf(error: unknown, shown: readonly string[]): Record<string, string> | undefined {
  if (!(error instanceof Fault) || error.code !== 'invalid_input') return undefined
  const { issues = [] } = error.details as { issues?: readonly { path: string; message: string }[] }
  const told = issues.map(({ path, message }) => [path.replace(/^changes\./, ''), message] as const)
  const known = told.filter(([name]) => shown.includes(name))
  return known.length > 0 ? Object.fromEntries(known) : undefined
}
