import { unpack } from './archive.ts'
import { DocumentRefusal, type Limits } from './document.ts'
import { partsOf } from './xml.ts'

const body = 'word/document.xml'

/** The words of a Word document (ECMA-376, WordprocessingML): a line a paragraph, a table's cells with tabs between. */
export async function textOfDocx(bytes: Uint8Array, { characters }: Limits): Promise<string> {
  const xml = unpack(bytes, (name) => name === body).get(body)
  if (xml === undefined) throw new DocumentRefusal('broken')
  let text = ''
  let isWord = false
  for (const part of partsOf(xml)) {
    if (text.length > characters) break
    if (part.kind === 'text') text += isWord ? part.text : ''
    else if (part.name === 't') isWord = part.kind === 'open'
    else if (part.kind === 'open') text += breaks[part.name] ?? ''
    else text = ended(text, part.name)
  }
  return text.trim()
}

const breaks: Readonly<Record<string, string>> = { tab: '\t', br: '\n', cr: '\n' }

function ended(text: string, name: string): string {
  if (name === 'p') return `${text}\n`
  if (name === 'tc') return text.replace(/\n$/, '\t')
  return name === 'tr' ? text.replace(/\t?$/, '\n') : text
}
