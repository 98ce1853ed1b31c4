import { randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { fail, fault, Fault } from '../../errors.ts'
import type { IncomingFile } from '../../operations/file.ts'
import type { AnyOperation } from '../../operations/operation.ts'

/** Bytes of the largest file that is taken. */
const largestFile = 100 * 1024 * 1024

/** Of the query: the name of a file that is the body itself. */
export const nameField = 'fileName'

/** The name of the input field that takes a file, if the operation has one. */
export function fileFieldOf(operation: AnyOperation): string | undefined {
  if (!(operation.input instanceof z.ZodObject)) return undefined
  const shape = operation.input.shape as Record<string, z.ZodType>
  return Object.entries(shape).find(([, schema]) => schema.meta()?.['kind'] === 'file')?.[0]
}

/**
 * Reads the file of a request: the first file of a multipart body, or a raw body whose name is in the query.
 * It waits on disk until the answer is sent, so that no large body and no slow sender holds memory or a transaction.
 */
export async function incomingFile(
  request: FastifyRequest,
  reply: FastifyReply,
  field: string,
): Promise<Record<string, unknown>> {
  if (request.isMultipart()) return multipartFile(request, reply, field)
  const { body } = request
  if (!isReadable(body)) fail('unsupported_media_type', { expected: 'multipart/form-data, text/csv' })
  const name = (request.query as Record<string, string | undefined>)[nameField] ?? 'upload'
  return {
    [field]: await spool(reply, body, name, request.headers['content-type'] ?? 'application/octet-stream'),
  }
}

async function multipartFile(
  request: FastifyRequest,
  reply: FastifyReply,
  field: string,
): Promise<Record<string, unknown>> {
  const fields: Record<string, unknown> = {}
  try {
    for await (const part of request.parts({ limits: { fileSize: largestFile, files: 1, fields: 20 } })) {
      if (part.type === 'field') fields[part.fieldname] = part.value
      else fields[field] = await spool(reply, part.file, part.filename, part.mimetype)
    }
  } catch (error) {
    throw isOurs(error) ? error : fault('malformed_upload', undefined, { cause: error })
  }
  return fields
}

/** A refusal, or what the disk said of the spool; all else is the parser’s word on what was sent. */
const isOurs = (error: unknown): boolean =>
  error instanceof Fault || (error as NodeJS.ErrnoException).syscall !== undefined

async function spool(
  reply: FastifyReply,
  source: Readable,
  name: string,
  mediaType: string,
): Promise<IncomingFile> {
  const path = join(tmpdir(), `tekup-upload-${randomUUID()}`)
  const forget = (): void => void rm(path, { force: true })
  reply.raw.once('close', forget)
  let size = 0
  await pipeline(
    source,
    async function* count(chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        size += chunk.length
        if (size > largestFile) fail('too_large', { limit: `${largestFile / 1024 / 1024} MB` })
        yield chunk
      }
    },
    createWriteStream(path, { mode: 0o600 }),
  )
  if ((source as Readable & { truncated?: boolean }).truncated) {
    fail('too_large', { limit: `${largestFile / 1024 / 1024} MB` })
  }
  return { name: name.slice(0, 255), mediaType, size, stream: () => createReadStream(path) }
}

const isReadable = (body: unknown): body is Readable =>
  typeof body === 'object' && body !== null && typeof (body as Readable).pipe === 'function'
