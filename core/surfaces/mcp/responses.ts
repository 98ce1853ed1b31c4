/** A refusal below the level of JSON-RPC calls, in JSON-RPC's error shape; there is no request id to answer to. */
export const protocolFault = (
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
  data?: unknown,
): Response =>
  Response.json(
    { jsonrpc: '2.0', error: { code: -32_000, message, ...(data !== undefined && { data }) }, id: null },
    { status, headers },
  )

export const accepted = (): Response => new Response(null, { status: 202 })
