import { ProtocolError, ProtocolErrorCode, type Tool } from '@modelcontextprotocol/server'
import { offeredOperations } from '../../conversations/offered.ts'
import type { Locale } from '../../language.ts'
import { oncePer } from '../../oncePer.ts'
import type { Brought } from '../../operations/brought.ts'
import type { Caller } from '../../operations/caller.ts'
import { inputSchema, outputSchema, portableSchema, toolDescription } from '../../operations/jsonSchema.ts'
import type { AnyOperation } from '../../operations/operation.ts'
import type { Registry } from '../../operations/registry.ts'

type Rights = Pick<Caller, 'tenant' | 'permissions' | 'domains' | 'locale'>

/** The operations as tools. */
export interface Tools {
  /** The operations of everybody's that this program may use, in a lasting order. */
  offered(rights: Rights): readonly AnyOperation[]
  /** One page of them and of the company's own as tools, in the person's language. */
  page(rights: Rights, cursor: string | undefined): Promise<{ tools: Tool[]; nextCursor?: string }>
  /** What a tool's name stands for, whether this program may use it or not: `invoke` says that. */
  find(name: string): AnyOperation | undefined
  /** The same, for what only one company has. */
  findBrought(tenant: string, name: string): Promise<AnyOperation | undefined>
}

const pageSize = 50

export function createTools(registry: Registry, brought: Brought): Tools {
  const everything = {
    permissions: new Set(registry.operations.map(({ permission }) => permission)),
    domains: new Set(registry.domains),
  }
  const forPrograms = new Map(
    offeredOperations(registry.operations, everything).map((each) => [each.tool as string, each]),
  )
  const toolIn = (locale: Locale) =>
    oncePer((operation: AnyOperation) => describe(operation, registry, locale))
  const toolOf = { da: toolIn('da'), en: toolIn('en') }
  return {
    offered: (rights) => offeredOperations(registry.operations, rights),
    page: async (rights, cursor) => {
      const operations = [...registry.operations, ...(await brought(rights.tenant.id))]
      const { items, nextCursor } = pageOf(offeredOperations(operations, rights), cursor)
      const tools = items.map(toolOf[rights.locale])
      return { tools, ...(nextCursor && { nextCursor }) }
    },
    find: (name) => forPrograms.get(name),
    findBrought: async (tenant, name) => (await brought(tenant)).find(({ tool }) => tool === name),
  }
}

/** A page after the operation that the cursor names; it need not be offered any more. */
export function pageOf(
  operations: readonly AnyOperation[],
  cursor: string | undefined,
): { items: readonly AnyOperation[]; nextCursor?: string } {
  const start = cursor === undefined ? 0 : operations.findIndex(({ tool }) => tool === cursor) + 1
  if (cursor !== undefined && start === 0)
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'The cursor is of no page. List from the start.')
  const items = operations.slice(start, start + pageSize)
  const last = items.at(-1)
  return start + pageSize < operations.length && last ? { items, nextCursor: last.tool } : { items }
}

function describe(operation: AnyOperation, registry: Registry, locale: Locale): Tool {
  const words = registry.words(operation, locale)
  const output = portableSchema(outputSchema(operation))
  return {
    name: operation.tool,
    title: words.title,
    description: toolDescription(operation, words),
    inputSchema: { properties: {}, ...portableSchema(inputSchema(operation)), type: 'object' },
    ...(givesObject(operation) && { outputSchema: output as Tool['outputSchema'] }),
    annotations: annotationsOf(operation),
  } as Tool
}

/** Structured output is an object on every revision; what answers otherwise answers as text. */
export const givesObject = (operation: AnyOperation): boolean => outputSchema(operation)['type'] === 'object'

/** Repeating these changes nothing more than doing them once. */
const repeatable = new Set(['list', 'get', 'update', 'delete'])

/** Hints for programs; what is really allowed is decided by `invoke`, from the same effect. */
const annotationsOf = ({ effect, verb, untrusted }: AnyOperation): NonNullable<Tool['annotations']> => ({
  readOnlyHint: effect === 'read',
  destructiveHint: effect === 'destroy',
  idempotentHint: effect === 'read' || repeatable.has(verb),
  openWorldHint: effect === 'send' || untrusted === true,
})
