import { createLanguageOf, type LanguageOf } from './language.ts'
import { createIdentify } from './definitions/identify.ts'
import type { Clients, Patience } from './models/index.ts'
import type { AgentEvent, AgentPort, AgentTurn, Core } from '#core'

export interface AgentRunnerParts {
  readonly core: Pick<
    Core,
    'registry' | 'config' | 'log' | 'database' | 'egress' | 'vault' | 'usage' | 'precedence' | 'afterwards'
  >
  /** How long models may be silent; the usual patience unless said otherwise. */
  readonly patience?: Patience
  /** How vendors are spoken to; with their own clients unless said otherwise. */
  readonly clients?: Clients
}

export interface AgentRunner extends AgentPort {
  /** Loads what the first turn would otherwise wait for: LangChain, and the offline model's training. */
  warm(): Promise<void>
}

/** The agent behind the core's port. LangChain is loaded with the first turn, so that a start does not wait for it. */
export function createAgentRunner(parts: AgentRunnerParts): AgentRunner {
  let loaded: Promise<AgentPort> | undefined
  let ready: AgentPort | undefined
  const load = (): Promise<AgentPort> => {
    loaded ??= import('./assistant.ts')
      .then(({ createAssistant }) => createAssistant(parts))
      .then((assistant) => (ready = assistant))
    // What failed once is tried again with the next turn.
    loaded.catch(() => (loaded = undefined))
    return loaded
  }
  let languageOf: LanguageOf | undefined
  return {
    languageOf: (text) => (languageOf ??= createLanguageOf(parts.core.registry))(text),
    warm: async () => {
      await load().catch((error: unknown) =>
        parts.core.log.error({ err: error }, 'the assistant could not be loaded'),
      )
    },
    identify: createIdentify(parts.core),
    summedUpTo: (tenant, conversation) => ready?.summedUpTo?.(tenant, conversation),
    run: (turn) => ready?.run(turn) ?? onceLoaded(load(), turn),
  }
}

async function* onceLoaded(loaded: Promise<AgentPort>, turn: AgentTurn): AsyncGenerator<AgentEvent, void> {
  yield* (await loaded).run(turn)
}
