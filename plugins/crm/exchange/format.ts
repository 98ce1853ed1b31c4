import { ExchangeFault } from './fault.ts'

/** Refuses a file that is plainly something else, by its first bytes (a few are enough). */
export function refuseOtherFormats(head: Uint8Array): void {
  if (head.length === 0) throw new ExchangeFault('empty_file')
  const start = Buffer.from(head.subarray(0, 512))
  const format = binaryFormat(start.toString('hex')) ?? textFormat(start.toString('latin1'))
  if (format) throw new ExchangeFault('other_format', { format })
}

const binaryFormat = (hex: string): string | undefined => binary.find(([start]) => hex.startsWith(start))?.[1]
const textFormat = (text: string): string | undefined => textual.find(([start]) => start.test(text))?.[1]

/** First bytes in hexadecimal, as in the database of `file`; with names that read the same in Danish and English. */
const binary: readonly (readonly [start: string, format: string])[] = [
  ['504b0304', 'Excel (.xlsx) / ZIP'],
  ['504b0506', 'ZIP'],
  ['d0cf11e0', 'Excel 97 (.xls)'],
  ['89504e47', 'PNG'],
  ['ffd8ff', 'JPEG'],
  ['47494638', 'GIF'],
  ['1f8b', 'gzip'],
  ['377abcaf', '7z'],
  ['526172211a07', 'RAR'],
  ['53514c69746520666f726d61742033', 'SQLite'],
]

const textual: readonly (readonly [start: RegExp, format: string])[] = [
  [/^\s*%PDF-/, 'PDF'],
  [/^(?:ï»¿)?\s*<(?:!doctype|html|\?xml|svg)/i, 'HTML / XML'],
  [/^(?:ï»¿)?\s*[[{]\s*(?:["{[]|$)/, 'JSON'],
  [/^(?:ï»¿)?\s*BEGIN:VCARD/i, 'vCard (.vcf)'],
  [/^\{\\rtf/, 'RTF'],
]
