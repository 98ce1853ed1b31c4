import type { ChatGenerationChunk } from '@langchain/core/outputs'
import {
  createConversations,
  createIdentity,
  talkPermission,
  type Authenticated,
  type Core,
  type ReplyEvent,
} from '#core'
import { agentsPlugin, createAgentRunner } from '#agents'
import { offering } from '../../agents/models/openai.ts'
import { openaiFault } from '../../agents/models/openaiFault.ts'
import type { Company } from './companies.ts'
import { callerOf, openCore } from './core.ts'
import type { World } from './database.ts'
import { InstantChatModel, type InstantScript } from './instantModel.ts'
import { pluginsWith } from './operations.ts'

/** Conversations with an assistant whose model is instant: everything else of a chat turn is the product's own. */
export interface Talk {
  readonly core: Core
  readonly model: InstantChatModel
  /** One turn, from the message to the end of its answer; opens a conversation where none is named. Answers its id. */
  turn(conversation?: string): Promise<string>
  /** Waits for what goes on after answers. */
  settled(): Promise<void>
}

/** The person's language is told, as it would be by the page; the sentence is one that the CRM's words know. */
const sentence = 'Hvad er telefonnummeret på Søren Sørensen?'

/** A person who may use so many operations, the script's tool among them, and nothing else but talk. */
export async function openTalk(
  world: World,
  company: Company,
  count: number,
  script: InstantScript,
): Promise<Talk> {
  const plugins = pluginsWith(count, script.tool.replaceAll('_', '.'))
  const core = openCore(world, [agentsPlugin, ...plugins], {
    OPENAI_API_KEY: 'bench',
    OPENAI_MODEL: 'gpt-5-mini',
  })
  const model = new InstantChatModel(script)
  // Tools are told as the product tells them to OpenAI.
  const client = async () => () => ({ chat: model, faultOf: openaiFault, endingOf, offering })
  const agent = createAgentRunner({ core, clients: { openai: client, azure: client, google: client } })
  await agent.warm()
  // As in the product: who a person is now is remembered while changes of it are heard.
  const identity = createIdentity(core)
  await identity.listening
  const conversations = createConversations({ core, agent, accessOf: identity.accessOf })
  const permissions = plugins.flatMap(({ operations }) => operations.map(({ permission }) => permission))
  const caller: Authenticated = {
    ...callerOf(core, company),
    permissions: new Set([...permissions, talkPermission]),
  }
  return {
    core,
    model,
    settled: () => core.afterwards.settled(),
    turn: async (conversation) => {
      const inbound = { caller, text: sentence, locale: 'da', surface: 'chat', requestId: 'bench' } as const
      const events = conversations.handle({ ...inbound, ...(conversation !== undefined && { conversation }) })
      let reply: ReplyEvent | undefined
      for await (const event of events) {
        if (event.type === 'error') throw event.fault
        if (event.type === 'reply') reply = event
      }
      return checked(reply).conversation
    },
  }
}

const endingOf = ({ generationInfo }: ChatGenerationChunk): string | undefined =>
  generationInfo?.['finish_reason'] as string | undefined

/** A turn whose call failed would be quick for no good reason. */
function checked(reply: ReplyEvent | undefined): ReplyEvent {
  if (reply?.calls.length === 1 && reply.calls[0]!.status === 'done') return reply
  throw new Error(`A turn did not do what this benchmark relies on: ${JSON.stringify(reply)}`)
}
