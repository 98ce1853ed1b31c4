import type { IncomingMessage } from 'node:http'
import type { Fields } from './state.ts'

/** What a client sent: as a form, as JSON, or in the address, with its token in the header or among the rest. */
export interface SentArguments {
  readonly args: Fields
  readonly token: string | undefined
  readonly isJson: boolean
}

export async function readArguments(request: IncomingMessage): Promise<SentArguments> {
  const body = await readBody(request)
  const type = request.headers['content-type'] ?? ''
  const isJson = type.startsWith('application/json')
  const inAddress = fieldsOf(new URL(request.url ?? '', 'http://fake.slack').searchParams)
  const sent = { ...inAddress, ...inBody(body.toString(), type), ...clientOf(request) }
  const { token, ...args } = sent as { token?: unknown }
  return { args, token: bearerOf(request) ?? (isJson ? undefined : (token as string | undefined)), isJson }
}

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

function inBody(body: string, type: string): Fields {
  if (body === '') return {}
  if (!type.startsWith('application/json')) return fieldsOf(new URLSearchParams(body))
  try {
    return JSON.parse(body) as Fields
  } catch {
    return {}
  }
}

const fieldsOf = (parameters: URLSearchParams): Fields => Object.fromEntries(parameters)

function bearerOf({ headers }: IncomingMessage): string | undefined {
  return /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1]
}

/** Client id and secret may come as HTTP Basic authentication. */
function clientOf({ headers }: IncomingMessage): Fields {
  const basic = /^Basic (.+)$/.exec(headers.authorization ?? '')?.[1]
  if (!basic) return {}
  const [id, secret] = Buffer.from(basic, 'base64').toString().split(':')
  return { client_id: id, client_secret: secret }
}
