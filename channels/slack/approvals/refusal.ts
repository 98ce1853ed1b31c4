import type { BlockButtonAction } from '@slack/bolt'
import { Fault, fault, sentence, type Authenticated, type Locale } from '#core'
import type { Place } from '../outbox/outgoing.ts'
import type { SlackParts } from '../parts.ts'
import type { Present } from '../present.ts'
import { readApproval } from './approval.ts'
import { cardsOf } from './cards.ts'
import { decidersOf, onlyThey } from './deciders.ts'
import { refreshCards } from './refresh.ts'
import { said } from './sentences.ts'
import { directChannel } from './show.ts'

/** Somebody who wants to settle a question, and from where; App Home is no channel. */
export interface Press {
  readonly present: Present
  readonly id: string
  readonly channel?: string
  readonly thread?: string
}

export const pressOf = (present: Present, id: string, { channel, container }: BlockButtonAction): Press => ({
  present,
  id,
  ...(channel && { channel: channel.id }),
  ...(typeof container['thread_ts'] === 'string' && { thread: container['thread_ts'] }),
})

/** What was refused is said to whoever pressed, alone, and every card says how it stands. */
export async function tellRefusal(parts: SlackParts, press: Press, error: unknown): Promise<void> {
  const text = await refusalOf(parts, press, error)
  const place = await placeOf(parts, press)
  await parts.out.ephemeral(place, press.present.slackUser, { text })
  await refreshCards(parts, place.workspace.tenant, press.id)
}

/** Why not, for whoever pressed; what went wrong with us is kept in the log. */
export async function refusalOf(parts: SlackParts, press: Press, error: unknown): Promise<string> {
  const refusal = error instanceof Fault ? error : fault('internal', undefined, { cause: error })
  if (refusal.status >= 500)
    parts.core.log.error({ err: error, approval: press.id }, 'a press of a button in Slack failed')
  return notTheirs.has(refusal.code) ? whoseItIs(parts, press) : refusal.sentence(press.present.who.locale)
}

const notTheirs = new Set(['not_found', 'forbidden', 'not_approver', 'person_required'])

async function placeOf(parts: SlackParts, { present, channel, thread }: Press): Promise<Place> {
  const { workspace, slackUser } = present
  const at = channel ?? (await directChannel(parts, workspace, slackUser))
  return { workspace, channel: at, isDirect: at.startsWith('D'), ...(thread !== undefined && { thread }) }
}

/** Who may, as the one it was asked for sees it; whoever pressed may not see the question itself. */
async function whoseItIs({ core }: SlackParts, { present, id, channel = '' }: Press): Promise<string> {
  const { workspace } = present
  const { locale }: { locale: Locale } = present.who
  const cards = await cardsOf(core, workspace.tenant, id)
  const asker = cards[0] && (await core.accessOf(workspace.tenant, cards[0].person).catch(() => undefined))
  const approval = asker && (await readApproval(core, withLanguage(asker, locale), id).catch(() => undefined))
  if (!approval) return sentence(said.notOpen, locale)
  const place = { workspace, channel, isDirect: channel.startsWith('D') }
  return onlyThey(approval, await decidersOf(core, place, approval), locale)
}

const withLanguage = (who: Authenticated, locale: Locale): Authenticated => ({ ...who, locale })
