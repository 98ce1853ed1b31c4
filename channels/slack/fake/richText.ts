import type { Block } from './state.ts'

/** The block that Slack makes of a person's text: mentions, channels and links become elements of their own. */
export function richTextOf(text: string, ts: string): Block {
  const elements = text.split(/(<[^<>]+>)/).flatMap((part) => (part === '' ? [] : [elementOf(part)]))
  const section = { type: 'rich_text_section', elements }
  return { type: 'rich_text', block_id: ts.slice(-5), elements: [section] }
}

function elementOf(part: string): object {
  const marked = /^<(@|#|!)?([^|>]+)(?:\|([^>]*))?>$/.exec(part)
  if (!marked) return { type: 'text', text: unescaped(part) }
  const [, kind, target = '', words] = marked
  if (kind === '@') return { type: 'user', user_id: target }
  if (kind === '#') return { type: 'channel', channel_id: target }
  if (kind === '!') return { type: 'broadcast', range: target }
  return { type: 'link', url: target, ...(words && { text: words }) }
}

const unescaped = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
