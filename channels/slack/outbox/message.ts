import type { types } from '@slack/bolt'
import { firstLinkAway, type IsOwn } from '../text/links.ts'
import { piecesOf, textOf, type Piece } from '../text/pieces.ts'
import { plainText } from '../text/plain.ts'
import { render, type Rendered } from '../text/render.ts'
import type { Place } from './outgoing.ts'
import type { Content, NewRow, Row } from './row.ts'

/** One message of a row, as `chat.postMessage` and `chat.update` take it. */
export interface SlackMessage {
  /** The Markdown of it, which a stream may have shown already. */
  readonly markdown: string
  readonly blocks: readonly types.KnownBlock[]
  readonly args: Record<string, unknown>
  /** Whether a message that stands in Slack already is to say it, or one that is posted with these words. */
  readonly way: 'change' | 'post'
}

export const renderingOf = ({ text, locale, mentions }: Content): Rendered =>
  render(text, { locale, ...(mentions && { mentions }) })

/** The messages that a row becomes; its blocks are on the last. Each says in its metadata which it is, to be found by. */
export function messagesOf(row: Row, content: Content): SlackMessage[] {
  const blocks = content.blocks ?? []
  if (content.shows === 'blocks') return [messageOf(row, content, 0, '', blocks)]
  const { streamed, posted } = partsOf(content)
  const pieces = [...streamed, ...posted]
  return pieces.map((piece, index) => {
    const message = messageOf(row, content, index, textOf(piece), index === pieces.length - 1 ? blocks : [])
    return index < streamed.length ? { ...message, way: 'change' } : message
  })
}

/** The messages of a text: those that streams show, and those that are posted. */
function partsOf(content: Content): { readonly streamed: readonly Piece[]; readonly posted: readonly Piece[] } {
  const { text } = renderingOf(content)
  const { postedFrom: from } = content
  if (from === undefined) return { streamed: [], posted: piecesOf(text) }
  return { streamed: piecesOf(text.slice(0, from)), posted: from < text.length ? piecesOf(text.slice(from)) : [] }
} // prettier-ignore

/** An answer that was streamed, with its first link to elsewhere and all that follows apart, to be posted. */
export function withLinksApart(content: Content, isOwn: IsOwn): Content {
  return { ...content, postedFrom: firstLinkAway(renderingOf(content).text, isOwn) }
}

/** The `ts` of streams, each at the part that it shows; what is posted has none yet, and those behind it are too many. */
export function inPlace(streams: readonly string[], content: Content): readonly string[] {
  if (content.postedFrom === undefined) return streams
  const { streamed, posted } = partsOf(content)
  return [...streams.slice(0, streamed.length), ...posted.map(() => ''), ...streams.slice(streamed.length)]
}

function messageOf(
  row: Row,
  content: Content,
  index: number,
  markdown: string,
  blocks: readonly types.KnownBlock[],
): SlackMessage {
  const shown = markdown.trim() === '' ? blocks : [{ type: 'markdown', text: markdown }, ...blocks]
  return {
    markdown,
    blocks,
    way: row.kind === 'update' ? 'change' : 'post',
    args: {
      text: plainText(markdown || content.text),
      ...(shown.length > 0 && { blocks: shown }),
      metadata: metadataOf(row, content, index),
    },
  }
}

/** What a message is found by when nobody knows whether it was posted. */
export function metadataOf(row: Row, { metadata }: Content, index: number): types.MessageMetadata {
  return {
    event_type: metadata?.event_type ?? 'tekup_message',
    event_payload: { ...metadata?.event_payload, outbox_id: row.id, part: index },
  }
}

/** Slack asks no address in it for a preview. Of all methods only `chat.postMessage` takes this. */
export const unfurlsNothing = { unfurl_links: false, unfurl_media: false }

/** The tables of a text that go beside it as files, as rows of their own. */
export function filesBeside(row: Omit<NewRow, 'kind' | 'content'>, content: Content): NewRow[] {
  if (content.shows === 'blocks') return []
  return renderingOf(content).files.map(({ name, content: file }) => ({
    ...row,
    kind: 'file',
    key: `${row.key}/${name}`,
    sent: [],
    content: { text: '', locale: content.locale, shows: 'text', file: { name, title: name } },
    file,
  }))
}

export const newRow = ({ workspace, channel, thread }: Place, key: string): Omit<NewRow, 'kind'> => ({
  tenant: workspace.tenant,
  workspace: workspace.id,
  channel,
  thread: thread ?? null,
  key,
})
