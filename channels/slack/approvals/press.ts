import type { App, BlockButtonAction } from '@slack/bolt'
import { Fault, fault, sentence, type Authenticated, type Locale } from '#core'
import { presentPerson, type Present } from '../present.ts'
import type { SlackParts } from '../parts.ts'
import type { Place } from '../outbox/outgoing.ts'
import { callAs, readApproval } from './approval.ts'
import { actions } from './card.ts'
import { cardsOf } from './cards.ts'
import { decidersOf, onlyThey } from './deciders.ts'
import { refreshCards } from './refresh.ts'
import { said } from './sentences.ts'

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
      const press = { place: placeOf(present, body), present, id: pressed.value ?? '' }
      await callAs(parts.core, present.who, operation, { id: press.id, ...more }).catch((error: unknown) =>
        refused(parts, press, error),
      )
    })
  // A button that only opens an address is told to the app as well.
  app.action(actions.open, async ({ ack }) => ack())
}

interface Press {
  readonly place: Place
  readonly present: Present
  readonly id: string
}

const placeOf = ({ workspace }: Present, { channel, container }: BlockButtonAction): Place => ({
  workspace,
  channel: channel?.id ?? String(container['channel_id']),
  isDirect: (channel?.id ?? '').startsWith('D'),
  ...(typeof container['thread_ts'] === 'string' && { thread: container['thread_ts'] }),
})

async function refused(parts: SlackParts, press: Press, error: unknown): Promise<void> {
  const { place, present } = press
  const refusal = error instanceof Fault ? error : fault('internal', undefined, { cause: error })
  if (refusal.status >= 500)
    parts.core.log.error({ err: error, approval: press.id }, 'a press of a button in Slack failed')
  const text = notTheirs.has(refusal.code)
    ? await whoseItIs(parts, press)
    : refusal.sentence(present.who.locale)
  await parts.out.ephemeral(place, present.slackUser, { text })
  await refreshCards(parts, place.workspace.tenant, press.id)
}

const notTheirs = new Set(['not_found', 'forbidden', 'not_approver', 'person_required'])

/** Who may, as the one it was asked for sees it; whoever pressed may not see the question itself. */
async function whoseItIs({ core }: SlackParts, { place, present, id }: Press): Promise<string> {
  const { locale }: { locale: Locale } = present.who
  const { tenant } = place.workspace
  const cards = await cardsOf(core, tenant, id)
  const asker = cards[0] && (await core.accessOf(tenant, cards[0].person).catch(() => undefined))
  const approval = asker && (await readApproval(core, withLanguage(asker, locale), id).catch(() => undefined))
  if (!approval) return sentence(said.notOpen, locale)
  return onlyThey(approval, await decidersOf(core, place, approval), locale)
}

const withLanguage = (who: Authenticated, locale: Locale): Authenticated => ({ ...who, locale })
