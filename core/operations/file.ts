import { z } from 'zod'

/** A file that a caller sent. Its bytes wait on disk and are read as a stream, so a large one is never held in memory. */
export interface IncomingFile {
  readonly name: string
  readonly mediaType: string
  /** Bytes. */
  readonly size: number
  stream(): AsyncIterable<Uint8Array>
}

/** An input field that takes a file: raw body or multipart over REST; operations that need one are not offered to models. */
export const fileInput = () =>
  z
    .custom<IncomingFile>(isFile, { error: 'a file is expected' })
    .meta({ kind: 'file', type: 'string', format: 'binary' })

/** An output that is a file: REST sends it as one, with its name and media type. */
export const fileOutput = () =>
  z.object({ name: z.string(), mediaType: z.string(), content: z.string() }).meta({ kind: 'file' })

export type OutgoingFile = z.output<ReturnType<typeof fileOutput>>

const isFile = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && typeof (value as IncomingFile).stream === 'function'
