/**
 * What somebody wrote, as they saw it: mentions, channels and links by their names, and no mention of the bot that is spoken
 * to (Slack's `mrkdwn` references, with & < > escaped).
 */
export function wordsOf(text: string, botUserId: string): string {
  return text
    .replaceAll(new RegExp(`<@${botUserId}(\\|[^<>]*)?>`, 'g'), '')
    .replaceAll(/<([^<>|]+)(?:\|([^<>]*))?>/g, (_, target: string, label: string | undefined) =>
      nameOf(target, label),
    )
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .trim()
}

function nameOf(target: string, label: string | undefined): string {
  const sign = target[0] === '@' || target[0] === '#' ? target[0] : ''
  if (sign !== '') return `${sign}${label || target.slice(1)}`
  if (target.startsWith('!')) return label ?? `@${target.slice(1).split('^', 1)[0]}`
  const address = target.replace(/^(mailto|tel):/, '')
  return label === undefined || label === address || label === target ? address : `${label} (${address})`
}
