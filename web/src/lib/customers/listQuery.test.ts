import { describe, expect, it } from 'vitest'
import { addressOf, isFiltered, nextSort, readQuery } from './listQuery.ts'

describe('the query of a list', () => {
  it('survives the way through the address', () => {
    const query = { q: 'Søren & co', sort: '-lastContactAt', companyId: 'c1', ownerId: 'o1', tag: 'vip' }
    expect(readQuery(new URL(addressOf('/contacts', query), 'http://own').searchParams)).toEqual(query)
  })

  it('leaves what is not set out of the address, and ignores a sort that does not exist', () => {
    expect(addressOf('/contacts', readQuery(new URLSearchParams('sort=password&x=1')))).toBe('/contacts')
  })

  it('turns the order round at the second click', () => {
    expect(nextSort('name', 'name')).toBe('-name')
    expect(nextSort('name', 'lastContactAt')).toBe('-lastContactAt')
    expect(nextSort('-lastContactAt', 'lastContactAt')).toBe('lastContactAt')
  })

  it('does not count the order as a filter', () => {
    expect(isFiltered(readQuery(new URLSearchParams('sort=-name')))).toBe(false)
    expect(isFiltered(readQuery(new URLSearchParams('tag=vip')))).toBe(true)
  })
})
