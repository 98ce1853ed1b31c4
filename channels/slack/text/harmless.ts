/** Nothing to see, and what stands around it is no longer one sign to Slack. */
export const seam = '\u200B'

/** `<` as it is, or as HTML writes it: Slack's own Markdown decodes those. */
const angle = '(?:<|&lt;|&#0*60;|&#x0*3c;)'
const at = '(?:@|&#0*64;|&#x0*40;|&commat;)'
const hash = '(?:#|&#0*35;|&#x0*23;|&num;)'
const bang = '(?:!|&#0*33;|&#x0*21;|&excl;)'

/** Signs that begin like Slack's own and are not: what HTML and XML write, for those who ask about code. */
const ordinary = '(?:!--|!\\[|!doctype\\b)'
const sign = new RegExp(`(${angle})(?!${ordinary})(?=\\\\?(?:${at}|${hash}|${bang}))`, 'gi')
const group = new RegExp(`(?<![\\w.])(${at})(?=(?:channel|here|everyone|group)\\b)`, 'gi')

/**
 * Text in which nothing calls anybody: `<!channel>`, `<@U…>`, `<#C…>`, `<!subteam^…>` and `@channel` are only letters,
 * in code as outside it. It reads and copies as before, but for the signs themselves. People who are named may be called.
 */
export function harmless(text: string, mentions: readonly string[] = []): string {
  return text
    .replaceAll(sign, (found, start: string, offset: number) =>
      mentions.some((id) => text.startsWith(`<@${id}>`, offset)) ? found : `${start}${seam}`,
    )
    .replaceAll(group, `$1${seam}`)
}

/** Text as a part of Slack's older `mrkdwn`: it is read as it stands, but for the marks of bold and the like. */
export const escaped = (text: string): string =>
  harmless(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** An image is a link to it: nothing is loaded that could tell its server who reads here. */
export const withoutImages = (line: string): string =>
  line.replaceAll(/(?<!!)!+(?=\[)/g, (marks, offset: number) =>
    /\w/.test(line[offset - 1] ?? '') ? `${marks}${seam}` : '',
  )

/** What Slack would refuse, or show as something else. */
export const storable = (text: string): string =>
  // oxlint-disable-next-line no-control-regex
  text.replaceAll(/\r\n?/g, '\n').replaceAll(/[\0-\x08\x0B\x0C\x0E-\x1F\x7F]/g, '')
