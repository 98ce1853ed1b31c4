import { expect, test } from 'vitest'
import { Tag } from './tag.ts'

test.each(['vip, kunde', 'a;b', 'a ::: b'])(
  'the tag %j is refused, since a cell could not hold it in a list',
  (tag) => {
    expect(Tag.safeParse(tag).success).toBe(false)
  },
)
