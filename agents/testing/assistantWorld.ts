import { randomUUID } from 'node:crypto'
import {
  createConversations,
  type AgentPort,
  type Conversations,
  type Inbound,
  type Plugin,
  type TurnEvent,
} from '#core'
import { testCore, type TestCore } from '#core/testing'
import { agentsPlugin, createAgentRunner } from '../index.ts'
import type { Patience } from '../models/patience.ts'

export interface AssistantWorld extends TestCore {
  readonly conversations: Conversations
  /** What could stop the turns so far, which this does not keep. */
  readonly signals: readonly WeakRef<AbortSignal>[]
  /** Waits for what goes on after the answers. */
  settled(): Promise<void>
  /** Says something as a person of a company of its own; answers all that happened, and tells it while it does. */
  say(text: string, change?: Partial<Inbound>, onEvent?: (event: TurnEvent) => void): Promise<Said>
}

interface Said {
  readonly events: readonly TurnEvent[]
  readonly conversation: string
  readonly text: string
  readonly calls: Extract<TurnEvent, { type: 'reply' }>['calls']
}

/** The real assistant over a real core, with the models that the environment names. */
export async function assistantWorld(
  plugins: readonly Plugin[],
  environment: Record<string, string>,
  patience?: Patience,
): Promise<AssistantWorld> {
  const world = await testCore([agentsPlugin, ...plugins], environment)
  const agent = createAgentRunner({ core: world.core, ...(patience && { patience }) })
  await agent.warm()
  const signals: WeakRef<AbortSignal>[] = []
  const run: AgentPort['run'] = (turn) => {
    signals.push(new WeakRef(turn.signal))
    return agent.run(turn)
  }
  const conversations = createConversations({ core: world.core, agent: { ...agent, run } })
  const caller = world.callerOf(randomUUID())
  return {
    ...world,
    conversations,
    signals,
    settled: () => world.core.afterwards.settled(),
    say: async (text, change = {}, onEvent) => {
      const events: TurnEvent[] = []
      const inbound: Inbound = {
        caller,
        text,
        locale: 'en',
        surface: 'chat',
        requestId: 'test-request',
        ...change,
      }
      for await (const event of conversations.handle(inbound)) {
        events.push(event)
        onEvent?.(event)
      }
      return saidOf(events)
    },
  }
}

function saidOf(events: readonly TurnEvent[]): Said {
  const reply = events.find((event) => event.type === 'reply')
  const opened = events.find((event) => event.type === 'conversation')
  return {
    events,
    conversation: opened?.conversation ?? '',
    text: reply?.reply.text ?? '',
    calls: reply?.calls ?? [],
  }
}
