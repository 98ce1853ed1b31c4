import type { Locale, Overheard } from '#core'
import type { Workspace } from '../install/workspace.ts'
import type { SlackParts } from '../parts.ts'
import { mostFiles, readFile } from './files.ts'
import { askedAt, type Kept } from './kept.ts'
import type { ThreadStore } from './store.ts'
import type { Thread } from './threads.ts'
import { wordsOf } from './words.ts'

/** Characters of one message of others that the agent is given. */
const mostText = 4_000

export interface ContextParts {
  readonly parts: SlackParts
  readonly store: ThreadStore
}

/** What others said in the thread since the agent was last spoken to, and what stands in the files of all that. */
export async function overheardBefore(
  { parts, store }: ContextParts,
  workspace: Workspace,
  { channel, thread, asked, locale }: Asked,
): Promise<readonly Overheard[]> {
  const stretch = { root: asked.root, after: thread.toldUpTo, before: askedAt(asked) }
  const messages = await store.saidBetween(workspace, channel, stretch)
  const words = await Promise.all(messages.map((message) => overheard(parts, workspace, message)))
  const files = [...messages, asked].flatMap((message) => message.files).slice(-mostFiles)
  const read = await Promise.all(files.map((file) => readFile(parts, workspace, file, locale)))
  return [...words.filter(({ text }) => text !== ''), ...read]
}

interface Asked {
  readonly channel: string
  readonly thread: Thread
  readonly asked: Kept
  readonly locale: Locale
}

async function overheard(
  parts: SlackParts,
  workspace: Workspace,
  { author, text }: Kept,
): Promise<Overheard> {
  const words = wordsOf(text, workspace.botUserId).slice(0, mostText).toWellFormed()
  // An app speaks for whoever feeds it.
  if (author.startsWith('B')) return { author: 'Bot', text: words, isOutsider: true }
  const { name, standing } = await parts.people.find(workspace, author)
  return { author: name, text: words, isOutsider: standing !== 'linked' && standing !== 'unlinked' }
}
