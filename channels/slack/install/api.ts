import type { WebClient } from '@slack/web-api'
import { BoundedMap, type Core } from '#core'
import { callSlack, slackClient } from './client.ts'
import { endingOf } from './ending.ts'
import { SlackRefusal } from './refusal.ts'
import type { Tokens } from './tokens.ts'
import type { Workspace } from './workspace.ts'

export { callSlack } from './client.ts'
export { SlackRefusal } from './refusal.ts'

/** Slack's Web API as the bot of one workspace, with a token that is fresh. */
export interface SlackApi {
  /**
   * Calls a method once; answers what Slack answered. A refusal that says that the installation is over ends it.
   *
   * @throws SlackRefusal where Slack answers `ok: false`, 429 or not at all.
   */
  call(method: string, args: Record<string, unknown>): Promise<Record<string, unknown>>
}

export type ApiOf = (workspace: Workspace) => SlackApi

/** A client of its own for each workspace, for as long as its token is the same. */
const mostClients = 1_000

export function createApiOf(core: Core, tokens: Tokens): ApiOf {
  const clients = new BoundedMap<{ readonly token: string; readonly client: WebClient }>(mostClients)
  const clientFor = async ({ id }: Workspace, token: string): Promise<WebClient> => {
    const known = clients.get(id)
    if (known?.token === token) return known.client
    const client = await slackClient(core, token)
    clients.set(id, { token, client })
    return client
  }
  const call = async (
    workspace: Workspace,
    method: string,
    args: Record<string, unknown>,
    refused?: string,
  ): Promise<Record<string, unknown>> => {
    const token = await tokens.fresh(workspace, refused)
    try {
      return await callSlack(await clientFor(workspace, token), method, args)
    } catch (error) {
      const isExpired = error instanceof SlackRefusal && error.code === 'token_expired'
      if (isExpired && refused === undefined) return call(workspace, method, args, token)
      const because = endingOf(error)
      if (because) await tokens.end(workspace, token, because)
      throw error
    }
  }
  return (workspace) => ({ call: (method, args) => call(workspace, method, args) })
}
