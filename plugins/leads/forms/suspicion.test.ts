import { expect, test } from 'vitest'
import { suspicionsOf, type Evidence } from './suspicion.ts'
import { issueTicket } from './ticket.ts'

const opened = new Date('2026-11-21T09:00:00Z')
const after = (seconds: number) => new Date(opened.getTime() + seconds * 1_000)
const ticket = issueTicket('secret', opened)
const honest: Evidence = {
  guard: 'ticket',
  secret: 'secret',
  leastSeconds: 3,
  trap: '',
  ticket,
  isTicketUsed: false,
  isAllowedOrigin: true,
  email: 'bente@havneby.example',
  texts: ['Vi vil gerne have et tilbud. Se www.havneby.example'],
  now: after(20),
}

test('somebody who took their time is believed', () => {
  expect(suspicionsOf(honest)).toEqual([])
})

test.each<[string, Partial<Evidence>, string]>([
  ['fills in what nobody sees', { trap: 'http://spam.example' }, 'trap'],
  ['is faster than people are', { now: after(2) }, 'tooFast'],
  ['has had the page open for days', { now: after(90_000) }, 'oldTicket'],
  ['never opened the page', { ticket: undefined }, 'noTicket'],
  ['made up a ticket', { ticket: 'abc.def' }, 'badTicket'],
  ['sends one ticket twice', { isTicketUsed: true }, 'usedTicket'],
  ['has proved nothing', { guard: 'proof', proof: 'x' }, 'noProof'],
  ['comes from another page', { isAllowedOrigin: false }, 'otherPage'],
  ['has an address that is gone in an hour', { email: 'x@mailinator.com' }, 'disposableEmail'],
  ['advertises', { texts: ['https://a.example https://b.example', 'www.c.example'] }, 'manyLinks'],
])('whoever %s is not', (_, change, suspicion) => {
  expect(suspicionsOf({ ...honest, ...change })).toEqual([suspicion])
})

test('a page without a script has no ticket, where its form asks for none', () => {
  expect(suspicionsOf({ ...honest, guard: 'plain', ticket: undefined })).toEqual([])
})
