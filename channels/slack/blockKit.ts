import type { types } from '@slack/bolt'

export type KnownBlock = types.KnownBlock
type RichTextElement = types.RichTextElement
type RichTextSection = types.RichTextSection

/**
 * Pieces of Block Kit that show anybody's words as they are: rich text and plain text are not parsed, so nothing in them
 * pings, links or loads a picture.
 */
type Style = NonNullable<types.RichTextText['style']>

export const words = (text: string, style?: Style): RichTextElement => ({
  type: 'text',
  text,
  ...(style && { style }),
})

/** A moment in the reader's own time zone. */
export const moment = (iso: string): RichTextElement => ({
  type: 'date',
  timestamp: Math.floor(Date.parse(iso) / 1000),
  format: '{date_short_pretty} {time}',
  fallback: iso.slice(0, 16).replace('T', ' '),
})

export const line = (...elements: readonly RichTextElement[]): RichTextSection => ({
  type: 'rich_text_section',
  elements: [...elements],
})

/** Lines one under another; the block's id changes with what it shows, or Slack keeps what it showed before. */
export const richText = (lines: readonly RichTextSection[], blockId?: string): types.RichTextBlock => ({
  type: 'rich_text',
  ...(blockId && { block_id: blockId }),
  elements: [...lines],
})

export const plain = (text: string, most = 75): { type: 'plain_text'; text: string; emoji: false } => ({
  type: 'plain_text',
  text: shortened(text, most),
  emoji: false,
})

/** Small grey text. */
export const remark = (text: string): KnownBlock => ({ type: 'context', elements: [plain(text, 2_000)] })

export const divider: KnownBlock = { type: 'divider' }

/** A text that Slack would refuse for its length. */
export const shortened = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 1).toWellFormed()}…` : text
