import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One answer of a vendor's model, before it is put in the vendor's own words. */
export interface VendorAnswer {
  readonly words?: readonly string[]
  readonly calls?: readonly VendorCall[]
  /** Answers with this status and body instead. */
  readonly refusal?: VendorRefusal
  /** Why the answer ends, in the vendor's word, where it is not the usual one. */
  readonly finish?: string
  /** Ends at the model's limit of length, in the vendor's word for that. */
  readonly cutShort?: true
  /** Sent as an event of its own after the words: what no answer in order holds. */
  readonly raw?: object
  /** Ends like an answer, without saying that it is over. */
  readonly unfinished?: true
  /** Breaks the connection after the words. */
  readonly breaksOff?: boolean
  /** Says nothing until the client leaves. */
  readonly hangs?: boolean
  /** Waits for this after its first word. */
  readonly pausesFor?: Promise<unknown>
  /** What the vendor counts: cached tokens are part of the input, reasoning tokens of the output. */
  readonly used?: VendorUse
}

export interface VendorUse {
  readonly input: number
  readonly cached: number
  readonly output: number
  readonly reasoning: number
}

export interface VendorCall {
  readonly id?: string
  readonly name: string
  /** A text is sent as it is, be it JSON or not. */
  readonly args: object | string
}

export interface VendorRefusal {
  readonly status: number
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

/** A request as it came: where to, with what, and whether its client left before it was answered. */
export interface SeenRequest {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  left: boolean
}

/** How one vendor writes an answer as server-sent events; a broken text cannot be said in every protocol. */
export interface Protocol {
  readonly name: string
  /** Settings that point the product at the server. */
  environment(address: string): Record<string, string>
  frames(answer: VendorAnswer): readonly object[]
  readonly ending: string
  /** Texts of the results that a request carries back to the model. */
  results(request: Request): string[]
  toolNames(request: Request): string[]
  /** What the vendor itself refuses: a schema, an order of roles, results that are missing. */
  refuses(request: Request): VendorRefusal | undefined
}

// oxlint-disable-next-line no-explicit-any -- what a client sent, in the words of any vendor
export type Request = any
export type Script = (request: Request, turn: number) => VendorAnswer

export interface VendorServer {
  readonly address: string
  readonly requests: Request[]
  readonly seen: SeenRequest[]
  script: Script
  close(): Promise<void>
}

/** A server on this machine that speaks a vendor's wire protocol and says what the script says. */
export async function startVendor(protocol: Protocol, script: Script = () => ({})): Promise<VendorServer> {
  const requests: Request[] = []
  const seen: SeenRequest[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const sent: unknown = JSON.parse(Buffer.concat(chunks).toString())
    requests.push(sent)
    const one: SeenRequest = { path: request.url ?? '', headers: request.headers, left: false }
    seen.push(one)
    response.once('close', () => (one.left = !response.writableFinished))
    const refusal = protocol.refuses(sent)
    await send(response, protocol, refusal ? { refusal } : vendor.script(sent, requests.length))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const vendor: VendorServer = {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    seen,
    script,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return vendor
}

async function send(response: ServerResponse, protocol: Protocol, answer: VendorAnswer): Promise<void> {
  if (answer.refusal) {
    const { status, body, headers } = answer.refusal
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers })
    response.end(body)
    return
  }
  response.writeHead(200, { 'Content-Type': 'text/event-stream' })
  for (const frame of protocol.frames(answer)) {
    response.write(`data: ${JSON.stringify(frame)}\n\n`)
    if (answer.pausesFor && holds(frame, answer.words?.[0])) await answer.pausesFor
  }
  if (answer.hangs) return void (await once(response, 'close'))
  if (answer.breaksOff) return void setTimeout(() => response.destroy(), 50)
  response.end(protocol.ending)
}

const holds = (frame: object, word: string | undefined): boolean =>
  word !== undefined && JSON.stringify(frame).includes(JSON.stringify(word))
