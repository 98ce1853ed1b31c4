import type { Block, Fields } from '../state.ts'

/** Blocks as Slack keeps them: what came without an id has one; a markdown block keeps none. */
export function identify(blocks: readonly Block[], newId: () => string): Block[] {
  return blocks.map((block) => {
    const { block_id: id, ...rest } = block
    if (block.type === 'markdown') return rest as Block
    return { ...block, block_id: id ?? newId(), ...identifiedParts(block, newId) }
  })
}

function identifiedParts({ type, element, accessory, elements }: Block, newId: () => string): Fields {
  const acts = (one: unknown): Fields => ({ action_id: newId(), ...(one as Fields) })
  const canAct = (one: unknown): boolean => typeof one === 'object' && (one as Fields)['type'] !== 'image'
  return {
    ...(element !== undefined && { element: acts(element) }),
    ...(accessory !== undefined && canAct(accessory) && { accessory: acts(accessory) }),
    ...((type === 'actions' || type === 'context_actions') && { elements: (elements as Fields[]).map(acts) }),
  }
}
