import { Fault, sentence } from '#core'
import { SlackRefusal } from '../install/refusal.ts'
import { workspaceById } from '../reach.ts'
import type { Message, Place } from '../outbox/outgoing.ts'
import type { SlackParts } from '../parts.ts'
import { readApproval, type Approval } from './approval.ts'
import { cardsOf, changeCard, type Card } from './cards.ts'
import { closedCard } from './record.ts'
import { messageOf, postMessage, showApproval } from './show.ts'
import { said } from './sentences.ts'

/** Brings every place that shows the approval up to how it stands now. Nothing happens where they do already. */
export async function refreshCards(parts: SlackParts, tenant: string, approval: string): Promise<void> {
  for (const card of await cardsOf(parts.core, tenant, approval))
    await refreshCard(parts, tenant, card).catch((error: unknown) => notNow(parts, tenant, card, error))
}

async function refreshCard(parts: SlackParts, tenant: string, card: Card): Promise<void> {
  const workspace = await workspaceById(parts.core, tenant, card.workspace)
  if (!workspace) return changeCard(parts.core, tenant, card.id, { givenUp: true })
  const approval = await readAsAsker(parts, tenant, card)
  const status = approval?.status ?? 'void'
  if (card.ts !== null && status === card.shown) return
  const place = placeOf(workspace, card)
  if (isUnsent(card) && status === 'pending') return askAgain(parts, place, card)
  const message = approval ? messageOf(parts, card, approval) : closed(card)
  const ts = card.ts ?? (await postMessage(parts, place, card, message))
  if (status !== 'pending') await parts.out.update(place, ts, message, `approval:${card.id}:${status}`)
  await changeCard(parts.core, tenant, card.id, { shown: status })
}

/** The note is posted last: while it is not, perhaps not everybody who decides has been asked. */
const isUnsent = ({ kind, ts }: Card): boolean => kind === 'note' && ts === null

async function askAgain(parts: SlackParts, place: Place, { approval, person }: Card): Promise<void> {
  await showApproval(parts, place, approval, await parts.core.accessOf(place.workspace.tenant, person))
}

const placeOf = (workspace: Place['workspace'], { channel, thread, isDirect, locale }: Card): Place => ({
  workspace,
  channel,
  isDirect,
  locale,
  ...(thread !== null && { thread }),
})

/** As the one it was made for sees it; nothing once they have left, or may not see it any more. */
async function readAsAsker({ core }: SlackParts, tenant: string, card: Card): Promise<Approval | undefined> {
  try {
    const who = await core.accessOf(tenant, card.person)
    return await readApproval(core, { ...who, locale: card.locale }, card.approval)
  } catch (error) {
    if (error instanceof Fault && error.status < 500) return undefined
    throw error
  }
}

const closed = ({ locale }: Card): Message => ({
  text: sentence(said.notOpen, locale),
  blocks: closedCard(locale),
})

/** What Slack will never do is given up; the rest is tried again by the timer. */
async function notNow({ core }: SlackParts, tenant: string, { id }: Card, error: unknown): Promise<void> {
  const isForGood = error instanceof SlackRefusal && error.kind === 'refused'
  core.log.warn({ err: error, card: id, isForGood }, 'an approval could not be brought up to date in Slack')
  await changeCard(core, tenant, id, { givenUp: isForGood })
}
