import { parentPort, workerData } from 'node:worker_threads'
import { DocumentRefusal, type DocumentKind, type Limits } from './document.ts'
import type { Reading } from './readDocument.ts'

/** The thread on which one document is read. Its reader is loaded here and nowhere else, and is gone with it. */
const { kind, bytes, limits } = workerData as {
  readonly kind: Exclude<DocumentKind, 'text'>
  readonly bytes: Uint8Array
  readonly limits: Limits
}

const readers = {
  pdf: async () => (await import('./pdf.ts')).textOfPdf,
  docx: async () => (await import('./docx.ts')).textOfDocx,
  xlsx: async () => (await import('./xlsx.ts')).textOfXlsx,
}

async function read(): Promise<Reading> {
  try {
    const textOf = await readers[kind]()
    return { text: (await textOf(bytes, limits)).slice(0, limits.characters) }
  } catch (error) {
    return { refused: error instanceof DocumentRefusal ? error.because : 'broken' }
  }
}

parentPort!.postMessage(await read())
