import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ageOfTicket, isProof, issueTicket } from './ticket.ts'

const opened = new Date('2026-11-21T09:00:00Z')

test('a ticket says how long ago the form was opened', () => {
  const ticket = issueTicket('secret', opened)
  expect(ageOfTicket(ticket, 'secret', new Date(opened.getTime() + 4_500))).toBe(4_500)
})

test('a ticket of another form, from the future, or changed in any way is none', () => {
  const ticket = issueTicket('secret', opened)
  expect(ageOfTicket(ticket, 'another', opened)).toBeUndefined()
  expect(ageOfTicket(ticket, 'secret', new Date(opened.getTime() - 1))).toBeUndefined()
  fc.assert(
    fc.property(fc.string({ maxLength: 80 }), (other) => {
      fc.pre(other !== ticket)
      expect(ageOfTicket(other, 'secret', opened)).toBeUndefined()
    }),
  )
})

test('a proof holds for its own ticket and no other', () => {
  let proof = 0
  while (!isProof('ticket', String(proof))) proof++
  expect(isProof('ticket', String(proof))).toBe(true)
  expect(isProof('another', String(proof))).toBe(false)
})
