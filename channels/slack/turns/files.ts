import { sentence, type Locale, type Overheard } from '#core'
import type { Workspace } from '../install/workspace.ts'
import type { SlackParts } from '../parts.ts'
import type { SharedFile } from './event.ts'
import { said } from './sentences.ts'

/** Bytes of a file that is read, and characters of it that the agent is given. */
const largest = 256 * 1024
const mostText = 20_000
/** Files of one turn; people share more than anybody reads at once. */
export const mostFiles = 5

const readable = /^text\/(plain|csv|markdown|tab-separated-values)\b/
const readableNames = /\.(txt|csv|tsv|md|log)$/i

/** What stands in a file and what it is called, as words of an outsider: whoever shared it, nobody knows who wrote it. */
export async function readFile(
  parts: SlackParts,
  workspace: Workspace,
  file: SharedFile,
  locale: Locale,
): Promise<Overheard> {
  const author = `📎 ${file.name}`
  const isText = readable.test(file.type) || readableNames.test(file.name)
  const content = isText && file.size <= largest ? await contentOf(parts, workspace, file) : undefined
  if (content === undefined) {
    return { author, text: sentence(said.unreadable, locale, { limit: '256 KB' }), isOutsider: true }
  }
  return { author, text: content.slice(0, mostText).toWellFormed(), isOutsider: true }
}

async function contentOf(
  { download, core }: SlackParts,
  workspace: Workspace,
  { address }: SharedFile,
): Promise<string | undefined> {
  try {
    const bytes = await download(workspace, address, largest)
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    core.log.info({ err: error }, 'a file in Slack could not be read')
    return undefined
  }
}
