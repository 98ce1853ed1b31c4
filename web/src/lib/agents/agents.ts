import { api } from '#lib/api/client.ts'
import type { Agent, Page } from '#lib/api/types.ts'

let agents: Promise<Agent[]> | undefined

/** The agents of the company, asked for once per visit; none where they cannot be read, as a choice that is left out. */
export function loadAgents(): Promise<Agent[]> {
  agents ??= api<Page<Agent>>('/agents/agents?limit=200').then(
    ({ items }) => items,
    () => ((agents = undefined), []),
  )
  return agents
}

/** After one was made, changed or removed. */
export function forgetAgents() {
  agents = undefined
}
