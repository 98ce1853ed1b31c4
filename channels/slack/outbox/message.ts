import type { types } from '@slack/bolt'
import { piecesOf, textOf } from '../text/pieces.ts'
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
}

export const renderingOf = ({ text, locale, mentions }: Content): Rendered =>
  render(text, { locale, ...(mentions && { mentions }) })

/** The messages that a row becomes; its blocks are on the last. Each says in its metadata which it is, to be found by. */
export function messagesOf(row: Row, content: Content): SlackMessage[] {
  if (content.shows === 'blocks') return [messageOf(row, content, 0, '', content.blocks ?? [])]
  const pieces = piecesOf(renderingOf(content).text)
  return pieces.map((piece, index) =>
    messageOf(row, content, index, textOf(piece), index === pieces.length - 1 ? (content.blocks ?? []) : []),
  )
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

/** Links and pictures in it are shown by nobody's server. */
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
