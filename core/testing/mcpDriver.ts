import { randomUUID } from 'node:crypto'
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/server/validators/ajv'
import { fastify, type FastifyInstance } from 'fastify'
import { fault } from '../errors.ts'
import type { Core } from '../core.ts'
import type { Caller } from '../operations/caller.ts'
import type { AnyOperation } from '../operations/operation.ts'
import { registerMcp } from '../surfaces/mcp/routes.ts'
import { createTools } from '../surfaces/mcp/tools.ts'
import type { Answer, SurfaceDriver } from './surfaceDriver.ts'

const revision = '2026-07-28'
const envelope = {
  'io.modelcontextprotocol/protocolVersion': revision,
  'io.modelcontextprotocol/clientInfo': { name: 'contract', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
}

/**
 * The real `/mcp`, where every caller is a program that acts for its person. Each call comes from a program of its own,
 * so that what one has read does not tighten the rules for the next. What is answered fits the schema that is advertised.
 */
export async function mcpDriver(core: Core): Promise<SurfaceDriver & { close(): Promise<void> }> {
  const callers = new Map<string, Caller>()
  const tools = createTools(core.registry, core.brought)
  const app = fastify()
  await registerMcp(app, {
    core,
    version: '0.0.0',
    identity: {
      programs: {
        authenticate: async ({ headers }) => programOf(callers.get(String(headers['authorization']))),
      },
      accessOf: async () => {
        throw fault('unauthenticated')
      },
    },
  })
  const fits = await outputCheck(tools, core)
  return {
    name: 'MCP',
    offers: (operation) => tools.find(operation.tool) !== undefined,
    call: async (operation, input, caller) => {
      const authorization = `Caller ${callers.size}`
      callers.set(authorization, caller)
      const answer = answerOf(await send(app, authorization, operation.tool, input), (output) =>
        fits(operation, output),
      )
      await sayNo(core, caller, answer)
      return answer
    },
    close: () => app.close(),
  }
}

/** Nobody has more than so many questions waiting, and hardly anybody answers in tests. */
async function sayNo({ invoke, registry }: Core, caller: Caller, answer: Answer): Promise<void> {
  if (!('code' in answer) || answer.code !== 'approval_required') return
  const { id } = (answer.details as { approval: { id: string } }).approval
  await invoke(registry.find('platform.approvals.reject')!, { id }, caller)
}

function programOf(caller: Caller | undefined) {
  if (!caller) throw fault('unauthenticated')
  const credential = { kind: 'key', id: randomUUID(), name: 'Contract', relaysApprovals: false } as const
  return { ...caller, role: 'owner', credential } as const
}

async function send(app: FastifyInstance, authorization: string, name: string, input: unknown) {
  const response = await app.inject({
    method: 'POST',
    url: '/mcp',
    headers: {
      authorization,
      host: 'localhost',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': revision,
      'mcp-method': 'tools/call',
      'mcp-name': name,
    },
    payload: {
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name, arguments: input, _meta: envelope },
    },
  })
  return response.json<{ result?: ToolResult; error?: { message: string } }>()
}

interface ToolResult {
  readonly content: readonly [{ readonly text: string }]
  readonly structuredContent?: unknown
  readonly isError?: boolean
}

function answerOf(
  { result, error }: Awaited<ReturnType<typeof send>>,
  check: (output: unknown) => void,
): Answer {
  if (!result) throw new Error(`The call was no call: ${error?.message}`)
  const said = JSON.parse(result.content[0].text) as unknown
  if (result.isError) return (said as { error: Extract<Answer, { code: string }> }).error
  if (result.structuredContent !== undefined) check(result.structuredContent)
  return { output: result.structuredContent ?? said }
}

/** Holds an answer to the schema that the tool is listed with, as clients do. */
async function outputCheck(tools: ReturnType<typeof createTools>, { registry }: Core) {
  const ajv = new AjvJsonSchemaValidator()
  const validators = new Map<string, ReturnType<typeof ajv.getValidator>>()
  const everything = {
    permissions: new Set(registry.operations.map(({ permission }) => permission)),
    domains: new Set(registry.domains),
    locale: 'en',
    tenant: { id: randomUUID(), name: 'Nobody' },
  } as const
  for (let cursor: string | undefined, first = true; first || cursor; first = false) {
    const page = await tools.page(everything, cursor)
    for (const { name, outputSchema } of page.tools)
      if (outputSchema) validators.set(name, ajv.getValidator(outputSchema as never))
    cursor = page.nextCursor
  }
  return ({ tool }: AnyOperation, output: unknown): void => {
    const checked = validators.get(tool)?.(output)
    if (checked && !checked.valid)
      throw new Error(`${tool} answered outside its listed schema: ${checked.errorMessage}`)
  }
}
