import { describe, expect, it } from 'vitest'
import {
  addressOf,
  anything,
  cleared,
  isFiltered,
  isNarrowed,
  nextSort,
  readQuery,
  type ListKind,
} from './listQuery.ts'

const kind: ListKind<'tag' | 'minScore'> = {
  at: '/contacts',
  sorts: ['name', '-name', '-lastContactAt', 'lastContactAt'],
  filters: { tag: anything, minScore: /^\d+$/ },
}
const read = (text: string) => readQuery(kind, new URLSearchParams(text))

describe('the query of a list', () => {
  it('survives the way through the address', () => {
    const query = { q: 'Søren & co', sort: '-lastContactAt', tag: 'vip', minScore: '20' }
    expect(readQuery(kind, new URL(addressOf(kind, query), 'http://own').searchParams)).toEqual(query)
  })

  it('leaves what is not set out of the address, and ignores what cannot be', () => {
    expect(addressOf(kind, read('sort=password&minScore=abc&x=1'))).toBe('/contacts')
  })

  it('turns the order round at the second click', () => {
    expect(nextSort('name', 'name')).toBe('-name')
    expect(nextSort('name', 'lastContactAt')).toBe('-lastContactAt')
    expect(nextSort('-lastContactAt', 'lastContactAt')).toBe('lastContactAt')
  })

  it('does not count the order as a filter, nor a search as one that is chosen', () => {
    expect(isFiltered(kind, read('sort=-name'))).toBe(false)
    expect(isFiltered(kind, read('tag=vip'))).toBe(true)
    expect(isFiltered(kind, read('q=skov'))).toBe(true)
    expect(isNarrowed(kind, read('q=skov'))).toBe(false)
  })

  it('keeps the order when all else is cleared', () => {
    expect(addressOf(kind, cleared(kind, read('q=skov&tag=vip&sort=-name')))).toBe('/contacts?sort=-name')
  })
})
