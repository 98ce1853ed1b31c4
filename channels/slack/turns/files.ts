import { sentence, type Locale, type Overheard } from '#core'
import { DocumentRefusal, kindOf, largest, unread, usualLimits } from '../documents/document.ts'
import { readDocument } from '../documents/readDocument.ts'
import { SlackRefusal } from '../install/refusal.ts'
import type { Workspace } from '../install/workspace.ts'
import type { SlackParts } from '../parts.ts'
import type { SharedFile } from './event.ts'
import { said } from './sentences.ts'

/** Files of one turn; people share more than anybody reads at once. */
export const mostFiles = 5

/** What stands in a file and what it is called, as words of an outsider: whoever shared it, nobody knows who wrote it. */
export async function readFile(
  parts: SlackParts,
  workspace: Workspace,
  file: SharedFile,
  locale: Locale,
): Promise<Overheard> {
  const author = `📎 ${file.name}`
  try {
    const text = await contentOf(parts, workspace, file)
    const isCut = text.length >= usualLimits.characters
    return { author, text: isCut ? `${text}\n${sentence(said.leftOut, locale)}` : text, isOutsider: true }
  } catch (error) {
    parts.core.log.info({ err: error }, 'a file in Slack could not be read')
    const text = sentence(unread[reasonOf(error)], locale, { limit: limitOf(file) })
    return { author, text, isOutsider: true }
  }
}

async function contentOf({ download }: SlackParts, workspace: Workspace, file: SharedFile): Promise<string> {
  const kind = kindOf(file)
  if (kind === undefined) throw new DocumentRefusal('kind')
  if (file.size > largest[kind]) throw new DocumentRefusal('size')
  return readDocument(kind, await download(workspace, file.address, largest[kind]))
}

function reasonOf(error: unknown): keyof typeof unread {
  if (error instanceof DocumentRefusal) return error.because
  return error instanceof SlackRefusal ? 'gone' : 'broken'
}

function limitOf(file: SharedFile): string {
  const kilobytes = largest[kindOf(file) ?? 'text'] / 1024
  return kilobytes < 1024 ? `${kilobytes} KB` : `${kilobytes / 1024} MB`
}
