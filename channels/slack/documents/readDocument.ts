import { Worker } from 'node:worker_threads'
import { DocumentRefusal, usualLimits, type DocumentKind, type Limits, type Unread } from './document.ts'
import { textOf } from './plainText.ts'

/** What a reading ends with. */
export type Reading = { readonly text: string } | { readonly refused: Unread }

/** Documents that one process reads at the same time; the others wait for their turn. */
const mostAtOnce = 2
const reading = new Set<Promise<unknown>>()

/**
 * The text of a document, as much of it as the limits allow. Whoever made it may be hostile: it is read on a thread of its
 * own that knows nothing of ours and is ended when it takes too long or too much.
 *
 * @throws DocumentRefusal
 */
export async function readDocument(kind: DocumentKind, bytes: Uint8Array, limits: Limits = usualLimits): Promise<string> {
  const read = kind === 'text' ? textOf(bytes) : await inTurn(() => onThread(kind, bytes, limits))
  const text = read.slice(0, limits.characters).toWellFormed()
  if (text.trim() === '') throw new DocumentRefusal('empty')
  return text
} // prettier-ignore

async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  while (reading.size >= mostAtOnce) await Promise.race(reading).catch(() => undefined)
  const mine = work().finally(() => reading.delete(mine))
  reading.add(mine)
  return mine
}

const thread = new URL('./thread.ts', import.meta.url)
/** Milliseconds between two looks at how much memory it has. */
const lookEvery = 50

async function onThread(kind: DocumentKind, bytes: Uint8Array, limits: Limits): Promise<string> {
  const { seconds, memory } = limits
  const worker = new Worker(thread, {
    workerData: { kind, bytes, limits },
    env: {},
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: memory, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 },
  })
  const { promise, resolve } = Promise.withResolvers<Reading>()
  const tooDemanding = (): void => resolve({ refused: 'demanding' })
  const deadline = setTimeout(tooDemanding, seconds * 1000)
  const looking = setInterval(() => void takesMoreThan(worker, memory).then((over) => over && tooDemanding()), lookEvery) // prettier-ignore
  worker.once('message', resolve)
  worker.once('error', tooDemanding)
  worker.once('exit', tooDemanding)
  try {
    const result = await promise
    if ('refused' in result) throw new DocumentRefusal(result.refused)
    return result.text
  } finally {
    clearTimeout(deadline)
    clearInterval(looking)
    await worker.terminate()
  }
}

/** What lies outside the thread's heap, such as what was unpacked, no limit of Node's counts. */
async function takesMoreThan(worker: Worker, megabytes: number): Promise<boolean> {
  try {
    const { used_heap_size: inside, external_memory: outside } = await worker.getHeapStatistics()
    return inside + outside > megabytes * 1024 * 1024
  } catch {
    // It has not begun, or is over.
    return false
  }
}
