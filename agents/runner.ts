import type { AgentEvent, AgentPort, AgentTurn, Core } from '#core'

export interface AgentRunnerParts {
  readonly core: Pick<Core, 'registry' | 'config' | 'log'>
}

export interface AgentRunner extends AgentPort {
  /** Loads what the first turn would otherwise wait for: LangChain, and the offline model's training. */
  warm(): Promise<void>
}

/** The agent behind the core's port. LangChain is loaded with the first turn, so that a start does not wait for it. */
export function createAgentRunner(parts: AgentRunnerParts): AgentRunner {
  let loaded: Promise<AgentPort> | undefined
  const load = (): Promise<AgentPort> => {
    loaded ??= import('./assistant.ts').then(({ createAssistant }) => createAssistant(parts))
    // What failed once is tried again with the next turn.
    loaded.catch(() => (loaded = undefined))
    return loaded
  }
  return {
    warm: async () => {
      await load().catch((error: unknown) =>
        parts.core.log.error({ err: error }, 'the assistant could not be loaded'),
      )
    },
    run: async function* (turn: AgentTurn): AsyncGenerator<AgentEvent, void> {
      yield* (await load()).run(turn)
    },
  }
}
