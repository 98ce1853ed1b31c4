import { getDocumentProxy } from 'unpdf'
import { DocumentRefusal, type Limits } from './document.ts'

type Pdf = Awaited<ReturnType<typeof getDocumentProxy>>

/** The words of a PDF, page by page. Nothing in it is run, drawn or fetched. */
export async function textOfPdf(bytes: Uint8Array, { pages, characters }: Limits): Promise<string> {
  const pdf = await open(bytes)
  const texts: string[] = []
  let length = 0
  for (let number = 1; number <= Math.min(pdf.numPages, pages) && length < characters; number++) {
    const text = await textOfPage(pdf, number)
    texts.push(text)
    length += text.length
  }
  return texts.join('\n\n').trim()
}

async function open(bytes: Uint8Array): Promise<Pdf> {
  try {
    return await getDocumentProxy(bytes, { verbosity: 0, useSystemFonts: false, disableFontFace: true })
  } catch (error) {
    const isLocked = (error as Error).name === 'PasswordException'
    throw new DocumentRefusal(isLocked ? 'locked' : 'broken', { cause: error })
  }
}

async function textOfPage(pdf: Pdf, number: number): Promise<string> {
  const { items } = await (await pdf.getPage(number)).getTextContent()
  return items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : '')).join('')
}
