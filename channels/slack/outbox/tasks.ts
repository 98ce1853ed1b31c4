import { formatMessage, sentence, type CallRecord, type Core, type Locale, type Sentence } from '#core'
import { harmless } from '../text/harmless.ts'
import { withoutLinksAway } from '../text/links.ts'

/** A call of an operation as Slack shows it among the words of an answer. */
export interface TaskChunk {
  readonly type: 'task_update'
  readonly id: string
  readonly title: string
  readonly status: 'pending' | 'in_progress' | 'complete' | 'error'
  readonly output?: string
}

/** Characters that Slack takes of each part of a task. */
const longest = 256

/** The asking is done when it is asked: how it ends stands on the card, and a task in an answer cannot follow that. */
const asked: Sentence = { da: 'Spurgte om lov: {title}', en: 'Asked for approval: {title}' }

/** What is being done while it runs, what was done after it; why it was not stands beneath. */
export function taskOf({ registry }: Pick<Core, 'registry'>, call: CallRecord, locale: Locale): TaskChunk {
  const title = doing(registry, call, locale)
  const task = { type: 'task_update', id: call.id } as const
  if (call.status === 'running') return { ...task, title, status: 'in_progress' }
  if (call.status === 'done') return { ...task, title: plain(call.summary ?? title), status: 'complete' }
  if (call.status === 'waiting')
    return { ...task, title: plain(sentence(asked, locale, { title: call.title })), status: 'complete' }
  const output = plain(call.summary ?? call.error?.message ?? '')
  return { ...task, title, status: 'error', ...(output && output !== title && { output }) }
}

/** A task whose end nobody will tell any more does not spin for ever. */
export const endedTask = (task: TaskChunk, status: 'complete' | 'error'): TaskChunk => ({ ...task, status })

function doing(registry: Core['registry'], call: CallRecord, locale: Locale): string {
  const operation = registry.find(call.operation)
  if (!operation) return plain(call.title)
  const input = typeof call.input === 'object' && call.input !== null ? call.input : {}
  return plain(formatMessage(registry.words(operation, locale).doing, locale, input as Record<string, unknown>)) || plain(call.title) // prettier-ignore
}

function plain(text: string): string {
  const line = withoutLinksAway(harmless(text.replaceAll(/\s+/g, ' ').trim()), () => false)
  return line.length <= longest ? line : `${line.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}
