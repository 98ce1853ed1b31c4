import { expect, test } from 'vitest'
import { isFilteredLeads, leadAddress, readLeadQuery } from './leadQuery.ts'

test('an address says what is shown, and back again', () => {
  const query = readLeadQuery(new URLSearchParams('q=skov&status=new&sort=-score&minScore=20'))
  expect(query).toMatchObject({ q: 'skov', status: 'new', sort: '-score', minScore: '20' })
  expect(readLeadQuery(new URL(leadAddress(query), 'http://tekup.example').searchParams)).toEqual(query)
})

test('what nobody knows is left out, and the newest come first', () => {
  const query = readLeadQuery(new URLSearchParams('sort=evil&minScore=abc'))
  expect(query).toMatchObject({ sort: '-createdAt', minScore: '' })
  expect(isFilteredLeads(query)).toBe(false)
  expect(leadAddress(query)).toBe('/leads')
})
