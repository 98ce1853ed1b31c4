import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { kindOf, usualLimits, type DocumentKind, type DocumentRefusal, type Limits } from './document.ts'
import { readDocument } from './readDocument.ts'
import { docx, endlessPdf, lockedPdf, pdf, swellingPdf, xlsx } from './samples.ts'

const read = (kind: DocumentKind, bytes: Uint8Array, limits: Partial<Limits> = {}): Promise<string> =>
  readDocument(kind, bytes, { ...usualLimits, seconds: 120, ...limits }).catch((error: DocumentRefusal) => `not read: ${error.because}`) // prettier-ignore

describe('the words of a document', () => {
  test('are those of a PDF, page by page', async () => {
    const invoice = pdf([['Faktura 1042', 'Havneby Tandklinik, Søndergade 4', '1.200,00 kr. (ekskl. moms)'], ['Side 2']])
    expect(await read('pdf', invoice)).toBe(
      'Faktura 1042\nHavneby Tandklinik, Søndergade 4\n1.200,00 kr. (ekskl. moms)\n\nSide 2',
    )
  }) // prettier-ignore

  test('are those of a Word document, with its tables, and without what was deleted', async () => {
    const word = (text: string): string => `<w:p><w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`
    const cell = (text: string): string => `<w:tc>${word(text)}</w:tc>`
    const body = `${word('Aftale &amp; tilbud')}<w:p><w:del><w:r><w:delText>slettet</w:delText></w:r></w:del><w:r><w:t>Uge</w:t><w:tab/><w:t>48</w:t></w:r></w:p><w:tbl><w:tr>${cell('Kunde')}${cell('By')}</w:tr><w:tr>${cell('Havneby')}${cell('Aarhus')}</w:tr></w:tbl>`
    expect(await read('docx', docx(body))).toBe('Aftale & tilbud\nUge\t48\nKunde\tBy\nHavneby\tAarhus')
  })

  test('are those of an Excel workbook, each under its column, with days as days', async () => {
    const rows = `<row><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row><row><c r="A2" t="inlineStr"><is><t>Havneby</t></is></c><c r="B2"><v>1200.5</v></c><c r="C2" s="1"><v>46348</v></c></row>`
    expect(await read('xlsx', xlsx('Priser', rows, ['Kunde', 'Frist']))).toBe(
      '# Priser\nKunde\t\tFrist\nHavneby\t1200.5\t2026-11-22',
    )
  })

  test('are those of a text in whatever a Danish office saves it as', async () => {
    const text = 'Navn;Pris\r\nSøren Ågård;1.200'
    expect(await read('text', Buffer.from(text))).toBe(text)
    expect(await read('text', Buffer.from(text, 'latin1'))).toBe(text)
    expect(await read('text', Buffer.from(`\uFEFF${text}`, 'utf16le'))).toBe(text)
    expect(await read('text', Buffer.from([0x00, 0x01, 0x02]))).toBe('not read: broken')
  })

  test('are as many as the limits allow', async () => {
    const long = pdf(Array.from({ length: 12 }, (_, page) => [`Side ${page + 1}`]))
    expect(await read('pdf', long, { pages: 2 })).toBe('Side 1\n\nSide 2')
    expect(await read('pdf', long, { characters: 8 })).toHaveLength(8)
    expect(await read('docx', docx('<w:p><w:t>ord </w:t></w:p>'.repeat(20_000)))).toHaveLength(20_000)
  })
})

describe('a document that is not to be read', () => {
  test('says why: it is locked, it is pictures, it is something else', async () => {
    expect(await read('pdf', lockedPdf())).toBe('not read: locked')
    expect(await read('docx', Buffer.from('d0cf11e0a1b11ae1', 'hex'))).toBe('not read: locked')
    expect(await read('pdf', pdf([[]]))).toBe('not read: empty')
    for (const kind of ['pdf', 'docx', 'xlsx'] as const)
      expect(await read(kind, Buffer.from('<html>Log ind</html>'))).toBe('not read: broken')
  })

  test('ends its own reading when it has no end, and others are read meanwhile', async () => {
    const endless = read('pdf', endlessPdf(), { seconds: 2 })
    expect(await read('pdf', pdf([['Faktura']]))).toBe('Faktura')
    expect(await endless).toBe('not read: demanding')
  })

  test('is let go of when it unpacks to more than it may', async () => {
    const before = process.memoryUsage.rss()
    expect(await read('pdf', swellingPdf(400), { memory: 64, seconds: 60 })).toBe('not read: demanding')
    expect(process.memoryUsage.rss() - before).toBeLessThan(1_500 * 1024 * 1024)
  })

  test('is a word of an answer, whatever its bytes are', async () => {
    const whole = pdf([['Faktura 1042']])
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: whole.length - 1 }), fc.integer({ min: 0, max: 255 }), async (at, byte) => {
        const bytes = Uint8Array.from(whole)
        bytes[at] = byte
        expect(typeof (await read('pdf', bytes.slice(0, Math.max(1, at * 2)), { seconds: 5 }))).toBe('string')
      }),
      { numRuns: 12 },
    )
  }) // prettier-ignore
})

test('what it is goes by what Slack says, else by its name', () => {
  expect(kindOf({ name: 'scan', type: 'application/pdf' })).toBe('pdf')
  expect(kindOf({ name: 'Tilbud.DOCX', type: 'application/octet-stream' })).toBe('docx')
  expect(kindOf({ name: 'priser.csv', type: 'application/vnd.ms-excel' })).toBe('text')
  expect(kindOf({ name: 'hus.png', type: 'image/png' })).toBeUndefined()
})
