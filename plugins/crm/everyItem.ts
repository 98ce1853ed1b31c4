import type { AnyOperation, InputOf, OutputOf, ReadContext } from '#core'

type List = AnyOperation & { readonly effect: 'read' }
type ItemOf<L extends List> = OutputOf<L> extends { items: (infer Item)[] } ? Item : never

const largestPage = 200

/** All that a list finds, page by page. */
export async function everyItem<L extends List>(
  context: ReadContext,
  list: L,
  query: InputOf<L>,
): Promise<ItemOf<L>[]> {
  const items: ItemOf<L>[] = []
  let cursor: string | null = null
  do {
    const asked = { ...(query as object), limit: largestPage, ...(cursor !== null && { cursor }) }
    const page = (await context.call(list, asked as InputOf<L>)) as {
      items: ItemOf<L>[]
      nextCursor: string | null
    }
    items.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== null)
  return items
}
