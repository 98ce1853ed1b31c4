import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One answer of a vendor's model, before it is put in the vendor's own words. */
export interface VendorAnswer {
  readonly words?: readonly string[]
  readonly calls?: readonly VendorCall[]
  /** Answers with this status and body instead. */
  readonly refusal?: { readonly status: number; readonly body: string }
  /** Breaks the connection after the words. */
  readonly breaksOff?: boolean
  /** Says nothing until the client leaves. */
  readonly hangs?: boolean
}

export interface VendorCall {
  readonly id?: string
  readonly name: string
  /** A text is sent as it is, be it JSON or not. */
  readonly args: object | string
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
}

// oxlint-disable-next-line no-explicit-any -- what a client sent, in the words of any vendor
export type Request = any
export type Script = (request: Request, turn: number) => VendorAnswer

export interface VendorServer {
  readonly address: string
  readonly requests: Request[]
  script: Script
  close(): Promise<void>
}

/** A server on this machine that speaks a vendor's wire protocol and says what the script says. */
export async function startVendor(protocol: Protocol, script: Script = () => ({})): Promise<VendorServer> {
  const requests: Request[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const sent: unknown = JSON.parse(Buffer.concat(chunks).toString())
    requests.push(sent)
    await send(response, protocol, vendor.script(sent, requests.length))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const vendor: VendorServer = {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
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
    response.writeHead(answer.refusal.status, { 'Content-Type': 'application/json' })
    response.end(answer.refusal.body)
    return
  }
  response.writeHead(200, { 'Content-Type': 'text/event-stream' })
  for (const frame of protocol.frames(answer)) response.write(`data: ${JSON.stringify(frame)}\n\n`)
  if (answer.hangs) return void (await once(response, 'close'))
  if (answer.breaksOff) return void setTimeout(() => response.destroy(), 50)
  response.end(protocol.ending)
}
