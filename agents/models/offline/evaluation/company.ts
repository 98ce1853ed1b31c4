import { createAgent, tool, type ReactAgent } from 'langchain'
import { AIMessage, HumanMessage, type BaseMessage } from '@langchain/core/messages'
import { trainOffline } from '../brain.ts'
import { toolOf } from '../card.ts'
import { OfflineChatModel } from '../model.ts'
import { catalogue } from './catalogue.ts'
import { evaluationMoment } from './measure.ts'

type Row = Record<string, unknown>

const id = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
export const me = { id: id(1), name: 'Anna Berg', email: 'anna@nordlys.example' }
const brain = trainOffline(catalogue)

/** A small company in memory, its tools over it, and an agent of LangChain's on the offline model. */
export function company(only: (operation: string) => boolean = () => true) {
  const rows: Record<string, Row[]> = {
    'platform.people': [me, { id: id(2), name: 'Mikkel Dahl', email: 'mikkel@nordlys.example' }],
    'crm.companies': [
      { id: id(10), name: 'Havneby Tandklinik', city: 'Havneby', lastContactAt: '2026-09-01T10:00:00Z' },
      { id: id(11), name: 'Fjord IT', city: 'Aarhus', lastContactAt: '2026-11-19T10:00:00Z' },
    ],
    'crm.contacts': [
      { id: id(20), name: 'Sofie Lund', companyId: id(10), companyName: 'Havneby Tandklinik' },
      { id: id(21), name: 'Peter Holm', companyId: id(11), companyName: 'Fjord IT' },
      { id: id(22), name: 'Peter Holmgaard', companyId: id(10), companyName: 'Havneby Tandklinik' },
    ],
    'crm.deals': [
      { id: id(30), title: 'Rengøring Havneby', companyName: 'Havneby Tandklinik', stageName: 'Ny', status: 'open', amount: 1_250_000, currency: 'DKK' },
      { id: id(31), title: 'Serverdrift', companyName: 'Fjord IT', stageName: 'Ny', status: 'open', amount: 4_000_000, currency: 'DKK' },
      { id: id(32), title: 'Vinduer Fjord', companyName: 'Fjord IT', stageName: 'Ny', status: 'open', amount: null, currency: 'DKK' },
    ],
  } // prettier-ignore
  const tools = catalogue
    .filter(({ name }) => only(name))
    .map(({ name, input }) =>
      tool(async (given: Row) => JSON.stringify(run(rows, name, given)), {
        name: toolOf(name),
        description: name,
        schema: input as never,
      }),
    )
  const model = new OfflineChatModel({ brain, now: () => evaluationMoment.now, person: me })
  const agent = createAgent({ model, tools }) as unknown as ReactAgent
  return { rows, model, tools, conversation: () => converse(agent) }
}

/** Says one message after the other, and tells for each the answer and the calls that were made. */
function converse(agent: ReactAgent) {
  let messages: BaseMessage[] = []
  return async (text: string): Promise<{ reply: string; calls: readonly (readonly [string, Row])[] }> => {
    const asked = [...messages, new HumanMessage(text)]
    const result = (await agent.invoke({ messages: asked })) as { messages: BaseMessage[] }
    messages = result.messages
    const answers = messages.slice(asked.length).filter((message) => AIMessage.isInstance(message))
    return { reply: answers.at(-1)?.text ?? '', calls: answers.flatMap(({ tool_calls = [] }) => tool_calls.map(({ name, args }) => [name, args] as const)) } // prettier-ignore
  }
}

let next = 100

function run(rows: Record<string, Row[]>, operation: string, input: Row): unknown {
  const [domain, resource, verb] = operation.split('.')
  const table = (rows[`${domain}.${resource}`] ??= [])
  const row = table.find((each) => each['id'] === input['id'])
  if (verb === 'list') return listed(table, input)
  if (verb === 'create') return added(rows, table, input)
  if (!row) return { error: { code: 'not_found', message: 'Det findes ikke.' } }
  if (verb === 'delete')
    return { error: { code: 'approval_required', message: 'Det skal et menneske godkende.' } }
  if (verb === 'move')
    return Object.assign(row, { previousStageName: row['stageName'], stageName: input['stage'] })
  return Object.assign(row, input)
}

function listed(table: readonly Row[], { count, ...input }: Row): Row {
  const items = table.filter((each) => matches(each, input))
  return { items, nextCursor: null, ...(count === true && { total: items.length }) }
}

function added(rows: Record<string, Row[]>, table: Row[], input: Row): Row {
  const of = rows['crm.companies']?.find((each) => each['id'] === input['companyId'])
  const row = { id: id(next++), ...input, ...(of && { companyName: of['name'] }) }
  table.push(row)
  return row
}

const matches = (row: Row, { q, lastContactBefore, companyId }: Row): boolean =>
  (typeof q !== 'string' || `${String(row['name'] ?? row['title'])} ${String(row['companyName'] ?? '')}`.toLowerCase().includes(q.toLowerCase())) &&
  (typeof lastContactBefore !== 'string' || String(row['lastContactAt']) < lastContactBefore) &&
  (companyId === undefined || row['companyId'] === companyId) // prettier-ignore
