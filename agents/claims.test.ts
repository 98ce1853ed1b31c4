import { describe, expect, test } from 'vitest'
import { claimsDeed } from './claims.ts'

describe('a claim that something was done', () => {
  test.each([
    'Jeg har oprettet Bente Skov.',
    'Så har jeg nu flyttet aftalen.',
    'Aftalen er nu flyttet til Tilbud sendt.',
    'Kontakten er blevet slettet.',
    'Færdig! Alt er klart.',
    'I have created the contact.',
    'I’ve just moved the deal.',
    'I added the note to Havneby.',
    'The email has been sent.',
    'Done. Anything else?',
  ])('is heard in “%s”', (text) => expect(claimsDeed(text)).toBe(true))

  test.each([
    'Skal jeg oprette Bente Skov?',
    'Jeg kan flytte aftalen for dig.',
    'Der er 12 kunder, I ikke har talt med.',
    'Hvilken aftale skal flyttes?',
    'Should I create the contact?',
    'I can move the deal for you.',
    'The deal was moved by Anna on 3 May.',
    'Nobody has called them since June.',
  ])('is not heard in “%s”', (text) => expect(claimsDeed(text)).toBe(false))
})
