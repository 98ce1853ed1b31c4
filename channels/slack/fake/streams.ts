import { checkBlocks } from './blockKit/validate.ts'
import { change } from './messages.ts'
import { refuse, refuseArguments } from './refusal.ts'
import type { Block, Message, Stream } from './state.ts'
import type { World } from './world.ts'

/** Slack ends a stream about five minutes after it began, appended to or not, and says nothing of it. */
export const lifeOfStream = 5 * 60_000
/** Characters that one streamed message holds, all its parts together. */
export const lengthOfStream = 12_000
const lengthOfTask = 256

/** Adds to a stream what fits its form. @throws SlackRefusal invalid_chunks, invalid_blocks, msg_too_long */
export function append(stream: Stream, chunks: readonly Block[]): void {
  const faults = chunks.flatMap((chunk, index) =>
    faultOfChunk(chunk).map((fault) => `${fault} [json-pointer:/chunks/${index}]`),
  )
  if (faults.length > 0) refuseArguments(faults, 'invalid_chunks')
  for (const { type, blocks } of chunks)
    if (type === 'blocks') checkBlocks(blocks as Block[], '/chunks/blocks')
  const characters = stream.characters + chunks.reduce((sum, chunk) => sum + lengthOf(chunk), 0)
  if (characters > lengthOfStream) refuse('msg_too_long')
  stream.characters = characters
  for (const chunk of chunks) take(stream, chunk)
}

/** Words run on; a task that is known changes in place, but what is said in its details is added to them. */
function take(stream: Stream, chunk: Block): void {
  const last = stream.chunks.at(-1)
  const index = stream.chunks.findIndex((known) => isSameThing(known, chunk))
  const known = stream.chunks[index]
  if (chunk.type === 'markdown_text' && last?.type === 'markdown_text')
    stream.chunks[stream.chunks.length - 1] = { ...last, text: `${last['text']}${chunk['text']}` }
  else if (known) stream.chunks[index] = { ...known, ...chunk, ...joined(known, chunk) }
  else stream.chunks.push(chunk)
}

const isSameThing = (known: Block, { type, id }: Block): boolean =>
  known.type === type && ((type === 'task_update' && known['id'] === id) || type === 'plan_update')

const joined = (known: Block, chunk: Block): object =>
  chunk['details'] === undefined ? {} : { details: `${known['details'] ?? ''}${chunk['details']}` }

const lengthOf = ({ type, text }: Block): number => (type === 'markdown_text' ? String(text).length : 0)

const statuses = ['pending', 'in_progress', 'complete', 'error']

function faultOfChunk(chunk: Block): string[] {
  const has = (...names: string[]): string[] =>
    names.filter((name) => typeof chunk[name] !== 'string').map((name) => `missing required field: ${name}`)
  const tooLong = JSON.stringify(Object.values(chunk)).length > lengthOfTask * 4
    || String(chunk['title'] ?? '').length > lengthOfTask
    || String(chunk['details'] ?? '').length > lengthOfTask
    || String(chunk['output'] ?? '').length > lengthOfTask // prettier-ignore
  const long = tooLong ? [`must be less than ${lengthOfTask + 1} characters`] : []
  if (chunk.type === 'markdown_text') return has('text')
  if (chunk.type === 'plan_update') return [...has('title'), ...long]
  if (chunk.type === 'blocks') return Array.isArray(chunk['blocks']) ? [] : ['missing required field: blocks']
  if (chunk.type !== 'task_update') return [`unsupported type: ${chunk.type}`]
  const isKnown = chunk['status'] === undefined || statuses.includes(String(chunk['status']))
  return [...has('id', 'title'), ...long, ...(isKnown ? [] : [`must be one of: ${statuses.join(', ')}`])]
}

/** Shows in the message what its stream holds. */
export function render(message: Message): void {
  const { stream } = message
  if (!stream) return
  message.text = stream.chunks
    .flatMap(({ type, text }) => (type === 'markdown_text' ? [String(text)] : []))
    .join('\n')
  message.blocks = [
    ...stream.chunks.flatMap(blocksOf),
    ...message.blocks.filter(({ type }) => !madeOfChunks.has(type)),
  ]
}

const madeOfChunks = new Set(['markdown', 'task_card', 'plan'])

function blocksOf(chunk: Block): Block[] {
  if (chunk.type === 'markdown_text') return [{ type: 'markdown', text: chunk['text'] }]
  if (chunk.type === 'plan_update') return [{ type: 'plan', title: chunk['title'] }]
  if (chunk.type === 'blocks') return chunk['blocks'] as Block[]
  const { type: _, id, details, output, ...rest } = chunk
  return [{
    ...rest, type: 'task_card', task_id: id,
    ...(details !== undefined && { details: section(details) }),
    ...(output !== undefined && { output: section(output) }),
  }] // prettier-ignore
}

const section = (text: unknown): object => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: String(text) }] }],
})

/** Ends a stream whose time is over. */
export function watchLife(world: World, message: Message): void {
  world.clock.after(lifeOfStream, () => {
    if (message.stream?.state !== 'in_progress') return
    change(world, message, ({ stream }) => void (stream && (stream.state = 'errored')))
  })
}
