/** Text of Slack made into HTML that is safe: everything is escaped first, and only known marks become elements. */

const escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
export const escape = (text) => String(text ?? '').replaceAll(/[&<>"']/g, (character) => escapes[character])

const emojis = { eyes: '👀', white_check_mark: '✅', x: '❌', warning: '⚠️', tada: '🎉', wave: '👋', thumbsup: '👍', '+1': '👍', thumbsdown: '👎', '-1': '👎', hourglass_flowing_sand: '⏳', rocket: '🚀', mag: '🔍', bulb: '💡', pencil2: '✏️', email: '✉️', calendar: '📅' } // prettier-ignore
export const emoji = (name) => emojis[name] ?? `:${escape(name)}:`

/** People and channels by their ids: `names` answers what a mention is called. */
const mention = (words) => `<span class="mention">${words}</span>`
const isWeb = (url) => /^(https?:|mailto:)/.test(url)
const link = (url, words) =>
  isWeb(url) ? `<a href="${url}" target="_blank" rel="noreferrer">${words}</a>` : words

/** Slack's own mrkdwn. Slack escapes & < > in it, so what comes is undone first. */
export function mrkdwn(text, names) {
  const plain = String(text ?? '')
    .replaceAll('&lt;', '\u0001')
    .replaceAll('&gt;', '\u0002')
    .replaceAll('&amp;', '&')
  const kept = []
  const keep = (html) => `\u0003${kept.push(html) - 1}\u0003`
  const marked = escape(plain)
    .replaceAll(/```([\s\S]+?)```/g, (_, code) => keep(`<pre>${code.trim()}</pre>`))
    .replaceAll(/`([^`\n]+)`/g, (_, code) => keep(`<code>${code}</code>`))
    .replaceAll(/&lt;@(\w+)(?:\|[^&]*)?&gt;/g, (_, id) => keep(mention(`@${names(id)}`)))
    .replaceAll(/&lt;#(\w+)(?:\|[^&]*)?&gt;/g, (_, id) => keep(mention(`#${names(id)}`)))
    .replaceAll(/&lt;!date\^\d+\^[^|]*\|(.*?)&gt;/g, '$1')
    .replaceAll(/&lt;!(\w+)[^&]*&gt;/g, (_, range) => keep(mention(`@${range}`)))
    .replaceAll(/&lt;([a-z]+:.+?)(?:\|(.+?))?&gt;/g, (_, url, words) => keep(link(url, words ?? url)))
    .replaceAll(/(^|[\s(])\*([^*\n]+)\*/g, '$1<strong>$2</strong>')
    .replaceAll(/(^|[\s(])_([^_\n]+)_/g, '$1<em>$2</em>')
    .replaceAll(/(^|[\s(])~([^~\n]+)~/g, '$1<s>$2</s>')
    .replaceAll(/:([a-z0-9_+-]+):/g, (all, name) => emojis[name] ?? all)
    .replaceAll(/^&gt; ?(.*)$/gm, '<blockquote>$1</blockquote>')
    .replaceAll('\n', '<br>')
  return restored(marked, kept)
}

const restored = (html, kept) =>
  html
    .replaceAll(/\u0003(\d+)\u0003/g, (_, index) => kept[index])
    .replaceAll('\u0001', '&lt;')
    .replaceAll('\u0002', '&gt;')

/** The Markdown of `markdown` blocks and streams: headings, lists, tables, code, quotes. */
export function markdown(text) {
  const kept = []
  const keep = (html) => `\u0003${kept.push(html) - 1}\u0003`
  const source = escape(text).replaceAll(
    /```\w*\n([\s\S]*?)(?:```|$)/g,
    (_, code) => `\n\n${keep(`<pre>${code}</pre>`)}\n\n`,
  )
  const parts = source.split(/\n{2,}/).filter((part) => part.trim() !== '')
  return restored(parts.map((part) => block(part.trim(), keep)).join(''), kept)
}

function block(part, keep) {
  const lines = part.split('\n')
  const heading = /^#{1,6} (.*)$/.exec(lines[0])
  if (heading)
    return `<h3>${inline(heading[1], keep)}</h3>${lines.length > 1 ? block(lines.slice(1).join('\n'), keep) : ''}`
  if (/^(-{3,}|\*{3,})$/.test(part)) return '<hr>'
  if (lines.length > 1 && /^\|?[\s:|-]+\|[\s:|-]*$/.test(lines[1])) return table(lines, keep)
  const firstItem = lines.findIndex((line) => /^\s*([-*]|\d+\.) /.test(line))
  if (firstItem > 0)
    return block(lines.slice(0, firstItem).join('\n'), keep) + block(lines.slice(firstItem).join('\n'), keep)
  if (firstItem === 0) return list(lines, keep)
  if (lines.every((line) => line.startsWith('&gt;')))
    return `<blockquote>${inline(lines.map((line) => line.replace(/^&gt; ?/, '')).join('<br>'), keep)}</blockquote>`
  return part.startsWith('\u0003') ? part : `<p>${inline(lines.join('<br>'), keep)}</p>`
}

function list(lines, keep) {
  const tag = /^\s*\d/.test(lines[0]) ? 'ol' : 'ul'
  const items = lines.map((line) => `<li>${inline(line.replace(/^\s*([-*]|\d+\.) /, ''), keep)}</li>`)
  return `<${tag}>${items.join('')}</${tag}>`
}

function table([head, , ...rows], keep) {
  const cells = (row, tag) => row.replace(/^\||\|$/g, '').split('|').map((cell) => `<${tag}>${inline(cell.trim(), keep)}</${tag}>`).join('') // prettier-ignore
  return wide(`<thead><tr>${cells(head, 'th')}</tr></thead><tbody>${rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('')}</tbody>`) // prettier-ignore
}

/** A table that scrolls in a box of its own where it is wider than the message. */
export const wide = (table) => `<div class="wide" tabindex="0"><table>${table}</table></div>`

const inline = (text, keep) =>
  text
    .replaceAll(/`([^`]+)`/g, (_, code) => keep(`<code>${code}</code>`))
    .replaceAll(/!?\[([^\]]+)\]\(([^\s)]+)\)/g, (_, words, url) => keep(link(url, words)))
    .replaceAll(/\*\*(.+?)\*\*/g, '<strong>$1</strong>')
    .replaceAll(/(^|[\s(])[*_]([^*_\n]+)[*_]/g, '$1<em>$2</em>')
    .replaceAll(/~~(.+?)~~/g, '<s>$1</s>')
    .replaceAll(/:([a-z0-9_+-]+):/g, (all, name) => emojis[name] ?? all)
