import { refuse, refuseArguments } from '../refusal.ts'
import type { Block, Fields } from '../state.ts'
import { plain } from './elements.ts'
import { block } from './blocks.ts'
import { anything, fault, isFields, listOf, objectOf, oneOf, string, type BlockFault, type Report, type Shape } from './shapes.ts' // prettier-ignore

/** Blocks that a message may have, and a modal or an App Home. */
const mostBlocks = { message: 50, modal: 100, home: 100 }
const sizeOfView = 250_000

export function faultsOfBlocks(blocks: unknown, pointer = '/blocks'): BlockFault[] {
  const report: Report = { surface: 'message', faults: [] }
  listOf(block, mostBlocks.message, 0)(blocks, pointer, report)
  if (Array.isArray(blocks)) faultsOfWhole(blocks, pointer, report)
  return report.faults
}

/** @throws SlackRefusal msg_blocks_too_many, invalid_blocks */
export function checkBlocks(blocks: readonly unknown[], pointer = '/blocks'): readonly Block[] {
  if (blocks.length > mostBlocks.message) refuse('msg_blocks_too_many')
  const faults = faultsOfBlocks(blocks, pointer)
  if (faults.length > 0) refuseArguments(faults.map(worded), 'invalid_blocks')
  return blocks as readonly Block[]
}

/** Limits over all blocks of one message: 12,000 characters of markdown, 10,000 in tables, ids that are not met twice. */
function faultsOfWhole(blocks: readonly unknown[], pointer: string, report: Report): void {
  const known = blocks.filter(isFields)
  limit(
    report,
    pointer,
    'markdown',
    12_000,
    sumOf(known, 'markdown', ({ text }) => String(text).length),
  )
  limit(
    report,
    pointer,
    'table',
    10_000,
    sumOf(known, 'table', ({ rows }) => lengthOfCells(rows)),
  )
  limit(
    report,
    pointer,
    'data_table',
    20_000,
    sumOf(known, 'data_table', ({ rows }) => lengthOfCells(rows)),
  )
  limit(
    report,
    pointer,
    'data_visualization',
    2,
    sumOf(known, 'data_visualization', () => 1),
  )
  const ids = known.flatMap(({ block_id }) => (typeof block_id === 'string' ? [block_id] : []))
  const twice = ids.find((id, index) => ids.indexOf(id) !== index)
  if (twice !== undefined) fault(report, pointer, 'duplicate', `block_id already exists: ${twice}`)
}

function limit(report: Report, pointer: string, type: string, most: number, found: number): void {
  if (found > most)
    fault(report, pointer, 'too_long', `all ${type} blocks together must be at most ${most}`, most)
}

const sumOf = (blocks: readonly Fields[], type: string, size: (block: Fields) => number): number =>
  blocks.filter((one) => one['type'] === type).reduce((sum, one) => sum + size(one), 0)

/** Characters that stand in cells, whatever these are made of. */
function lengthOfCells(cells: unknown): number {
  if (Array.isArray(cells)) return cells.reduce<number>((sum, cell) => sum + lengthOfCells(cell), 0)
  if (!isFields(cells)) return 0
  const own = typeof cells['text'] === 'string' ? cells['text'].length : 0
  return own + lengthOfCells(cells['elements'] ?? [])
}

const everyView = {
  'blocks!': listOf(block, 100, 0), private_metadata: string(3000, 0), callback_id: string(255, 0),
  external_id: string(255, 0), type: anything,
} // prettier-ignore
const viewShapes: Readonly<Record<'modal' | 'home', Shape>> = {
  home: objectOf(everyView),
  modal: objectOf({
    ...everyView, 'title!': plain(24), submit: plain(24), close: plain(24), clear_on_close: anything,
    notify_on_close: anything, submit_disabled: anything,
  }), // prettier-ignore
}

export function faultsOfView(view: Fields): BlockFault[] {
  const surface = view['type'] === 'home' ? 'home' : 'modal'
  const report: Report = { surface, faults: [] }
  oneOf('modal', 'home')(view['type'], '/view/type', report)
  viewShapes[surface](view, '/view', report)
  if (surface === 'modal' && hasInput(view) && !view['submit'])
    fault(report, '/view/submit', 'missing_field', 'missing required field: submit')
  return report.faults
}

/** @throws SlackRefusal view_too_large, invalid_arguments */
export function checkView(view: Fields, type: 'modal' | 'home'): Fields {
  if (JSON.stringify(view).length > sizeOfView) refuse('view_too_large')
  const faults = faultsOfView({ ...view, type: view['type'] ?? type }).map(worded)
  if (view['type'] !== type) faults.push(`must be one of: ${type} [json-pointer:/view/type]`)
  if (faults.length > 0) refuseArguments(faults)
  return view
}

const hasInput = ({ blocks }: Fields): boolean =>
  Array.isArray(blocks) && blocks.some((one) => isFields(one) && one['type'] === 'input')

const worded = ({ message, pointer }: BlockFault): string => `${message} [json-pointer:${pointer}]`
