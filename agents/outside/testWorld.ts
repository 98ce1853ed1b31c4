import { randomUUID } from 'node:crypto'
import { shelf } from '../../core/testing/shelf/shelf.ts'
import { testCore, type TestCore } from '#core/testing'
import type { AnyOperation, Caller } from '#core'
import { agentsPlugin } from '../index.ts'
import { startOutside, toolNamed, type OutsideWorld } from '../testing/outsideServer.ts'
import type { OutsideServer } from './server.ts'
import type { OutsideTool } from './tool.ts'

/** A company beside an outside server: every `begin` is a new company and a server that behaves. */
export interface OutsideCompany {
  readonly outside: OutsideWorld
  readonly world: TestCore
  readonly anna: () => Caller
  begin(): void
  run<Output>(name: string, input: object, caller?: Caller): Promise<Output>
  add(more?: object): Promise<OutsideServer>
  /** Adds the server and fetches its tools, and approves all that can be. */
  fetched(): Promise<OutsideServer>
  connected(): Promise<OutsideServer>
  tools(): Promise<OutsideTool[]>
  offered(): Promise<readonly AnyOperation[]>
  /** Says what the company's first tool is. */
  rule(change: object): Promise<OutsideTool>
  /** Calls the company's first tool. */
  use(input: object, caller?: Caller): Promise<{ readonly value: unknown }>
  /** Anna's agent, in a conversation that outsiders have had no word in, or have. */
  agent(untrusted?: boolean): Caller
  close(): Promise<void>
}

export async function outsideCompany(): Promise<OutsideCompany> {
  const outside = await startOutside()
  const world = await testCore([agentsPlugin, shelf], { EGRESS_ALLOW: outside.host })
  let anna = world.callerOf(randomUUID())
  const run = async <Output>(name: string, input: object, caller = anna): Promise<Output> =>
    (await world.core.invoke(world.core.registry.find(name)!, input, caller)).value as Output
  const add = (more: object = {}) =>
    run<OutsideServer>('agents.servers.create', {
      name: 'Weather',
      url: outside.url,
      key: 'secret-token-1234567890',
      ...more,
    })
  const fetched = async () => run<OutsideServer>('agents.servers.refresh', { id: (await add()).id })
  const tools = async () => (await run<{ items: OutsideTool[] }>('agents.tools.list', {})).items
  const offered = () => world.core.brought(anna.tenant.id)
  const agent: OutsideCompany['agent'] = (untrusted = false) => ({
    ...anna,
    untrusted,
    actor: { kind: 'agent', id: 'assistant', name: 'TekUp', personId: anna.actor.id },
  })
  return {
    outside,
    world,
    anna: () => anna,
    begin: () => {
      anna = world.callerOf(randomUUID())
      outside.way = () => false
      outside.tools = [toolNamed('echo', 'Says it again')]
      outside.speaks = 'both'
      outside.answer = (_, input) => ({ content: [{ type: 'text', text: JSON.stringify(input) }] })
      outside.called.length = 0
    },
    run,
    add,
    fetched,
    connected: async () => {
      const { id } = await fetched()
      const hashes = (await tools()).flatMap(({ change }) => change?.hash ?? [])
      return run('agents.servers.approve', { id, hashes })
    },
    tools,
    offered,
    rule: async (change) => run('agents.tools.update', { id: (await tools())[0]!.id, ...change }),
    use: async (input, caller = agent()) => world.core.invoke((await offered())[0]!, input, caller),
    agent,
    close: async () => {
      await world.close()
      await outside.close()
    },
  }
}

/** The code of the refusal, or `done`. */
export const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    ({ code }: { code: string }) => code,
  )

/** The id of the approval that a call waits for. */
export const questionOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done without a question',
    ({ details }: { details: { approval: { id: string } } }) => details.approval.id,
  )
