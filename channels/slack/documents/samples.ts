import { deflateSync } from 'node:zlib'
import { strToU8, zipSync } from 'fflate'

/** Documents for tests, written by hand as small as their formats allow. */

/** An object of a PDF: a dictionary, or one with a stream. */
type PdfObject = string | { readonly dictionary: string; readonly stream: Uint8Array }

/** A PDF (ISO 32000-1) of numbered objects; the first is its catalogue. */
function pdfOf(objects: readonly PdfObject[], trailer = ''): Uint8Array {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n')]
  const offsets: number[] = []
  const add = (bytes: string | Uint8Array): void => void parts.push(Buffer.from(bytes as string))
  for (const [index, object] of objects.entries()) {
    offsets.push(parts.reduce((sum, { length }) => sum + length, 0))
    add(`${index + 1} 0 obj\n`)
    if (typeof object === 'string') add(object)
    else {
      add(`<< ${object.dictionary} /Length ${object.stream.length} >>\nstream\n`)
      add(object.stream)
      add('\nendstream')
    }
    add('\nendobj\n')
  }
  const start = parts.reduce((sum, { length }) => sum + length, 0)
  const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  add(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${trailer} >>\nstartxref\n${start}\n%%EOF\n`) // prettier-ignore
  return Buffer.concat(parts)
}

const font = '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>'

/** How a page shows lines of text; letters outside ASCII as WinAnsi has them. */
const drawing = (lines: readonly string[]): Buffer =>
  Buffer.from(`BT /F1 12 Tf 72 720 Td 14 TL ${lines.map((line) => `(${line.replaceAll(/[\\()]/g, '\\$&')}) Tj T*`).join(' ')} ET`, 'latin1') // prettier-ignore

/** A PDF with a page for each list of lines. */
export function pdf(pages: readonly (readonly string[])[], trailer = ''): Uint8Array {
  const first = 4
  const kids = pages.map((_, index) => `${first + 2 * index} 0 R`).join(' ')
  return pdfOf([
    '<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert\\("run"\\)) >> >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
    font,
    ...pages.flatMap((lines, index) => [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents ${first + 2 * index + 1} 0 R >>`,
      { dictionary: '/Filter /FlateDecode', stream: deflateSync(drawing(lines)) },
    ]),
  ], trailer)
} // prettier-ignore

/** One that asks for a password before it is read (standard security handler, revision 2). */
export const lockedPdf = (): Uint8Array =>
  pdf([['hemmeligt']], `/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <${'a1'.repeat(32)}> /U <${'b2'.repeat(32)}> >> /ID [<00> <00>]`) // prettier-ignore

/** One whose page draws a form that draws the next one many times, and so on: few bytes, and no end. */
export function endlessPdf(depth = 6): Uint8Array {
  const form = (index: number): PdfObject => ({
    dictionary: `/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> ${index < depth ? `/XObject << /X ${7 + index} 0 R >>` : ''} >>`,
    stream: index < depth ? Buffer.from('/X Do '.repeat(200)) : drawing(['igen']),
  })
  return pdfOf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [4 0 R] /Count 1 >>',
    font,
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /XObject << /X 6 0 R >> >> /Contents 5 0 R >>',
    { dictionary: '', stream: Buffer.from('/X Do') },
    ...Array.from({ length: depth + 1 }, (_, index) => form(index)),
  ])
} // prettier-ignore

/** One whose page is packed twice, and is some thousand times as large as it looks. */
export function swellingPdf(megabytes: number): Uint8Array {
  const packed = deflateSync(deflateSync(Buffer.alloc(megabytes * 1024 * 1024, ' '), { level: 1 }))
  return pdfOf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [4 0 R] /Count 1 >>',
    font,
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> /Contents 5 0 R >>',
    { dictionary: '/Filter [/FlateDecode /FlateDecode]', stream: packed },
  ])
}

const zip = (parts: Readonly<Record<string, string>>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(parts).map(([name, xml]) => [name, strToU8(xml)])))

/** A Word document with this inside its body. */
export const docx = (body: string): Uint8Array =>
  zip({ 'word/document.xml': `<?xml version="1.0"?><w:document><w:body>${body}</w:body></w:document>` })

/** An Excel workbook with one sheet of these rows; its style 1 is a date. */
export const xlsx = (sheet: string, rows: string, words: readonly string[]): Uint8Array =>
  zip({
    'xl/workbook.xml': `<workbook><sheets><sheet name="${sheet}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>',
    'xl/styles.xml': '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>',
    'xl/sharedStrings.xml': `<sst>${words.map((word) => `<si><t>${word}</t></si>`).join('')}</sst>`,
    'xl/worksheets/sheet1.xml': `<worksheet><sheetData>${rows}</sheetData></worksheet>`,
  }) // prettier-ignore
