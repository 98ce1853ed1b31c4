import { createReadStream } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyContact } from '../testing/anyContact.ts'
import { readCards, type ReadCard } from './read.ts'
import { toCard, writeCards } from './write.ts'

async function* bytesOf(...parts: readonly (string | Uint8Array)[]): AsyncIterable<Uint8Array> {
  for (const part of parts) yield Buffer.from(part)
}

async function read(source: AsyncIterable<Uint8Array>): Promise<ReadCard[]> {
  const cards: ReadCard[] = []
  for await (const card of readCards(source)) cards.push(card)
  return cards
}

test('cards of three versions in one file are read, and a bad one says its line and property', async () => {
  const [old, apple, bad] = await read(
    createReadStream(new URL('../fixtures/phone-book.vcf', import.meta.url)),
  )
  expect(old).toEqual({
    line: 1,
    result: {
      contact: {
        name: 'Søren Sørensen',
        firstName: 'Søren',
        lastName: 'Sørensen',
        emails: ['soren@sorensen.example'],
        phones: ['+4520304050'],
        tags: [],
      },
    },
  })
  expect(apple).toEqual({
    line: 10,
    result: {
      contact: {
        externalId: '2f1c6a0e-4b0a-4d8e-9f38-6c2f2b9d1e57',
        name: 'Sofie Marie Lund',
        firstName: 'Sofie Marie',
        lastName: 'Lund',
        title: 'Klinikchef',
        emails: ['sofie@havneby.example', 'sofie@hjem.example'],
        phones: ['+4520123456', '+4533123456'],
        company: 'Havneby Tandklinik',
        address: 'Havnegade 4, 1. th.',
        postcode: '6792',
        city: 'Rømø',
        country: 'Danmark',
        tags: ['Kunde', 'VIP'],
        note: 'Ringer helst, efter kl. 15\nog aldrig mandag\n+4533123456 lok. 12',
      },
    },
  })
  expect(bad).toMatchObject({ line: 30, result: { fault: { line: 30, column: 'TEL' } } })
})

test('a written card is version 4.0, escaped and folded at 75 octets without cutting a character', () => {
  const card = toCard({
    name: 'Lund, Sofie',
    emails: [],
    phones: ['+4520123456'],
    tags: ['a', 'b'],
    note: 'æøå; '.repeat(40) + 'x'.repeat(200),
  })
  expect(card).toMatch(/^BEGIN:VCARD\r\nVERSION:4\.0\r\nFN:Lund\\, Sofie\r\n/)
  expect(card).toContain('TEL;VALUE=uri;PREF=1:tel:+4520123456\r\n')
  expect(card).toContain('CATEGORIES:a,b\r\n')
  for (const line of card.split('\r\n')) {
    expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
    expect(line).not.toContain('\ufffd')
  }
})

test('reading what was written gives the same contacts, in any chunks', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyContact(), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 90 }),
      async (contacts, size) => {
        const parts: Uint8Array[] = []
        for await (const part of writeCards(contacts)) parts.push(part)
        const bytes = Buffer.concat(parts)
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
          bytes.subarray(index * size, (index + 1) * size),
        )
        const cards = await read(bytesOf(...chunks))
        expect(cards.map((card) => card.result)).toEqual(contacts.map((contact) => ({ contact })))
      },
    ),
    { numRuns: 200 },
  )
})

test('the preferred of several comes first, whatever the order of the card', async () => {
  const card =
    'BEGIN:VCARD\nFN:A\nEMAIL;PREF=2:b@x.example\nEMAIL:c@x.example\nEMAIL;PREF=1:a@x.example\nEND:VCARD\n'
  const [preferred] = await read(bytesOf(card))
  expect(preferred?.result).toMatchObject({
    contact: { emails: ['a@x.example', 'b@x.example', 'c@x.example'] },
  })
})

test('the id of a stored contact comes back as the card’s uid', async () => {
  const id = '0190b1c2-7f00-7000-8000-000000000001'
  const [card] = await read(
    bytesOf(toCard({ externalId: id, name: 'Sofie', emails: [], phones: [], tags: [] })),
  )
  expect(card?.result).toMatchObject({ contact: { externalId: id } })
})

test.each([
  ['not_vcard', 'Navn;By\nSofie;Rømø\n', 1],
  ['not_vcard', '%PDF-1.7\n', 1],
  ['not_vcard', 'BEGIN:VCARD\nFN:A\nEND:VCARD\nvrøvl\n', 4],
  ['unclosed_card', 'BEGIN:VCARD\nFN:A\nEND:VCARD\nBEGIN:VCARD\nFN:B\n', 4],
  ['unclosed_card', 'BEGIN:VCARD\nFN:A\nBEGIN:VCARD\nFN:B\nEND:VCARD\n', 1],
  ['empty_file', ' \n', undefined],
  ['not_text', 'BEGIN:VCARD\nFN:A\0\n', undefined],
])('%s is refused: %j', async (code, text, line) => {
  await expect(read(bytesOf(text))).rejects.toMatchObject({ code, line })
})

test('a card without end is refused before it fills the memory', async () => {
  const endless = async function* (): AsyncIterable<Uint8Array> {
    yield Buffer.from('BEGIN:VCARD\nPHOTO:')
    for (;;) yield Buffer.from(`${'x'.repeat(1_000_000)}\n `)
  }
  await expect(read(endless())).rejects.toMatchObject({ code: 'card_too_long', line: 2 })
})
