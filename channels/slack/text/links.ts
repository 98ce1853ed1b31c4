import { ownAddress, type Config } from '#core'
import { fenceAfter, type Fence } from './fence.ts'
import { seam } from './harmless.ts'
import { tablesIn } from './table.ts'

/** Whether an address is our own: whoever asks it tells nobody else anything. */
export type IsOwn = (address: string) => boolean

export function ownLinks(config: Pick<Config, 'PUBLIC_URL' | 'HOST'>): IsOwn {
  const { isOrigin } = ownAddress(config)
  return (address) => {
    const url = address.replace(/[.,;:!?]+$/, '')
    // Whoever is named before an @ is not who is asked.
    return !/[\\@]/.test(url) && URL.canParse(url) && isOrigin(new URL(url).origin)
  }
}

const plainAddress = /\bhttps?:\/\/[^\s<>()[\]|"'`]+/gi

/**
 * What Slack could read as an address, generously: with its scheme, as the target of a link, or a host with a path; also
 * where HTML or a backslash hides the signs, since its Markdown makes those plain.
 */
const address = /:\\?\/\\?\/|&(?:#|colon|sol)|\]\(\s*(?:[^)\s]|$)|\]:|\bwww\.|[\w-]\.[a-z]{2,}\/\S/i

const leadsAway = (line: string, isOwn: IsOwn): boolean =>
  address.test(line.replaceAll(plainAddress, (found) => (isOwn(found) ? '' : found)))

/**
 * Where in a text the first address of somebody else's stands: the beginning of its line, of its table, or of the code that
 * it is in. Slack asks such an address for a preview, and with it tells its server what a model wrote into it; only what is
 * posted whole can forbid that (slackapi/node-slack-sdk#2389), so nothing from there on is streamed or put in by a change.
 */
export function firstLinkAway(text: string, isOwn: IsOwn): number {
  const lines = text.split('\n')
  const first = lines.findIndex((line) => leadsAway(line, isOwn))
  if (first < 0) return text.length
  const block = Math.min(first, codeAround(lines, first), tableAround(lines, first))
  return lines.slice(0, block).reduce((length, line) => length + line.length + 1, 0)
}

/** The line with which the code begins that a line is in. */
function codeAround(lines: readonly string[], at: number): number {
  let fence: Fence | undefined
  let begin = at
  for (const [index, line] of lines.slice(0, at).entries()) {
    const before = fence
    fence = fenceAfter(line, fence)
    if (fence && !before) begin = index
  }
  return fence ? begin : at
}

const tableAround = (lines: readonly string[], at: number): number =>
  tablesIn(lines).find(({ from, to }) => from <= at && at < to)?.from ?? at

const signOfAddress = /:(?=\\?\/)|&(?=#|colon|sol)|\](?=[(:])|\bwww(?=\.)|[\w-]\.(?=[a-z]{2,}\/)/gi

/** The same words, of which Slack asks nobody: addresses of others are only letters. */
export const withoutLinksAway = (text: string, isOwn: IsOwn): string =>
  text
    .split('\n')
    .map((line) => (leadsAway(line, isOwn) ? line.replaceAll(signOfAddress, `$&${seam}`) : line))
    .join('\n')
