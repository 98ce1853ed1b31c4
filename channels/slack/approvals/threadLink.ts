import { sentence, type Locale } from '#core'
import { line, richText, type KnownBlock } from '../blockKit.ts'
import { SlackRefusal } from '../install/refusal.ts'
import type { Place } from '../outbox/outgoing.ts'
import type { SlackParts } from '../parts.ts'
import { said } from './sentences.ts'

/** Milliseconds: a question does not wait for its link. */
const patience = 2_000

/** Where a question was asked, for whoever answers it elsewhere; nothing where Slack does not say. */
export async function threadLink(
  { out }: SlackParts,
  { workspace, channel, thread }: Place,
): Promise<string | undefined> {
  if (thread === undefined) return undefined
  const asked = { channel, message_ts: thread }
  try {
    const { permalink } = await out.call(workspace, 'chat.getPermalink', asked, { within: patience })
    return permalink as string
  } catch (error) {
    if (error instanceof SlackRefusal) return undefined
    throw error
  }
}

export const linkBlock = (url: string, locale: Locale): KnownBlock =>
  richText([line({ type: 'link', url, text: sentence(said.seeThread, locale) })])
