import { sentence, type ApprovalNotice, type Authenticated, type Locale } from '#core'
import { line, richText, words, type KnownBlock } from '../blockKit.ts'
import { SlackRefusal } from '../install/refusal.ts'
import type { Message, Place } from '../outbox/outgoing.ts'
import type { SlackParts } from '../parts.ts'
import { slackUserOf } from '../reach.ts'
import { readApproval, type Approval } from './approval.ts'
import { cardOf } from './card.ts'
import { changeCard, keepCard, type Card } from './cards.ts'
import { decidersOf, namesOf, type Deciders } from './deciders.ts'
import { fallbackOf, recordOf } from './record.ts'
import { said } from './sentences.ts'
import { linkBlock, threadLink } from './threadLink.ts'

/**
 * Shows what an agent asks where it was asked, or to those who decide it. It resolves once all stands in Slack. What
 * cannot be posted is not done: it waits in TekUp, is tried again, and ends when nobody answers in time.
 */
export async function showApprovals(
  parts: SlackParts,
  place: Place,
  approvals: readonly ApprovalNotice[],
  asker: Authenticated,
): Promise<void> {
  for (const { id } of approvals)
    await showApproval(parts, place, id, asker).catch((error: unknown) =>
      parts.core.log.warn({ err: error, approval: id }, 'an approval could not be shown in Slack yet'),
    )
}

/** Shows it where that place has it not yet; whoever is interrupted leaves a row without a message, and it is shown again. */
export async function showApproval(
  parts: SlackParts,
  place: Place,
  id: string,
  asker: Authenticated,
): Promise<void> {
  const { core } = parts
  const locale = place.locale ?? asker.locale
  const approval = await readApproval(core, { ...asker, locale }, id)
  const deciders = await decidersOf(core, place, approval)
  const kept = { approval: id, person: approval.personId, locale } as const
  if (!deciders.isPrivate) {
    const card = await keepCard(core, place, { ...kept, kind: 'card' })
    await postCard(parts, place, card, approval)
    return
  }
  const note = await keepCard(core, place, { ...kept, kind: 'note' })
  const asked = await askInPrivate(parts, place, approval, deciders)
  await postMessage(parts, place, note, noteOf(approval, { ...deciders, people: asked }, locale))
}

/** Answers those who could be asked: they are in Slack, and may see the question. */
async function askInPrivate(
  parts: SlackParts,
  place: Place,
  { id }: Approval,
  { people }: Deciders,
): Promise<Deciders['people']> {
  const asked: Deciders['people'][number][] = []
  const { workspace } = place
  const link = await threadLink(parts, place)
  for (const person of people) {
    const user = await slackUserOf(parts.core, workspace, person.id)
    const who = await parts.core.accessOf(workspace.tenant, person.id).catch(() => undefined)
    const approval = who && (await readApproval(parts.core, who, id).catch(() => undefined))
    if (user === undefined || !approval) continue
    const channel = await directChannel(parts, workspace, user).catch(unlessRefused)
    if (channel === undefined) continue
    const direct: Place = { workspace, channel, isDirect: true, locale: who.locale }
    const card = await keepCard(parts.core, direct, { approval: id, kind: 'card', person: person.id, locale: who.locale }) // prettier-ignore
    await postCard(parts, direct, card, approval, link)
    asked.push(person)
  }
  return asked
}

/** Whom Slack will never let us write to is asked in TekUp. */
function unlessRefused(error: unknown): undefined {
  if (!(error instanceof SlackRefusal) || error.kind !== 'refused') throw error
}

/** The conversation of the app with one person. */
export async function directChannel(
  { out }: SlackParts,
  workspace: Place['workspace'],
  user: string,
): Promise<string> {
  const { channel } = await out.call(workspace, 'conversations.open', { users: user })
  return (channel as { id: string }).id
}

function postCard(
  parts: SlackParts,
  place: Place,
  card: Card,
  approval: Approval,
  link?: string,
): Promise<string> {
  const message = messageOf(parts, card, approval)
  const { blocks = [] } = message
  const linked = link ? { ...message, blocks: [...blocks, linkBlock(link, card.locale)] } : message
  return postMessage(parts, place, card, linked)
}

/** Under the card's own key: posted once, however often and by whomever it is tried. */
export async function postMessage(
  { core, out }: SlackParts,
  place: Place,
  { id }: Card,
  message: Message,
): Promise<string> {
  const { ts } = await out.post(place, message, `approval:${id}`)
  await changeCard(core, place.workspace.tenant, id, { ts })
  return ts
}

/** What stands in a place now: the card with its buttons, the note that says where they are, or the record. */
export function messageOf(
  { origin }: SlackParts,
  card: Pick<Card, 'kind' | 'locale'>,
  approval: Approval,
): Message {
  const { kind, locale } = card
  const text = fallbackOf(approval, locale)
  if (approval.status !== 'pending') return { text, blocks: recordOf(approval, locale) }
  const blocks = kind === 'card' ? cardOf(approval, locale, origin) : undefined
  return blocks ? { text, blocks } : noteOf(approval, { people: [] }, locale)
}

function noteOf(
  { agentName, personName }: Approval,
  deciders: Pick<Deciders, 'people'>,
  locale: Locale,
): Message {
  // prettier-ignore
  const isAsked = deciders.people.length > 0
  const people = isAsked ? namesOf(deciders, locale) : (personName ?? '–')
  const text = sentence(isAsked ? said.askedInPrivate : said.askedInTekUp, locale, {
    agent: agentName,
    people,
  })
  const blocks: KnownBlock[] = [richText([line(words(text))])]
  return { text, blocks }
}
