import { fenceAfter, type Fence } from './fence.ts'
import { escaped, storable } from './harmless.ts'

/** Slack's advice for the text of a message; marks may be as much again. */
const longest = 4_000
const longestRead = 2 * longest

/** What Markdown says without its marks, for notifications and screen readers. Never empty: Slack would refuse it. */
export function plainText(markdown: string): string {
  let fence: Fence | undefined
  const lines = storable(markdown.slice(0, longestRead)).split('\n').flatMap((line) => {
    const wasOpen = fence !== undefined
    fence = fenceAfter(line, fence)
    if (wasOpen !== (fence !== undefined)) return []
    return [wasOpen ? line : withoutMarks(line)]
  }) // prettier-ignore
  const text = lines.join('\n').replaceAll(/\n{3,}/g, '\n\n').trim() // prettier-ignore
  return escaped(shortened(text)) || '…'
}

function withoutMarks(line: string): string {
  return line
    .replace(/^\s{0,3}(?:#{1,6} |> ?|[-*+] )/, '')
    .replaceAll(/!?\[([^\]]*)\]\([^)\s]*\)/g, '$1')
    .replaceAll(/(\*\*|__|~~|(?<!`)`+(?!`))(?=\S)(.*?\S)\1/g, '$2')
}

function shortened(text: string): string {
  if (text.length <= longest) return text
  const end = /[\uD800-\uDBFF]/.test(text[longest - 2]!) ? longest - 2 : longest - 1
  return `${text.slice(0, end)}…`
}
