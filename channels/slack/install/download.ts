import type { Core } from '#core'
import { slackAddress } from './address.ts'
import { SlackRefusal } from './refusal.ts'
import type { Tokens } from './tokens.ts'
import type { Workspace } from './workspace.ts'

/**
 * Reads a file that somebody shared, by the address that Slack gave for it.
 *
 * @throws SlackRefusal where it is not one of Slack's, or is not to be had.
 */
export type Download = (workspace: Workspace, address: string, mostBytes: number) => Promise<Uint8Array>

export function createDownload({ config, egress }: Core, tokens: Tokens): Download {
  return async (workspace, address, mostBytes) => {
    const found = fileAt(config, address)
    if (!found) throw new SlackRefusal('refused', 'foreign_file')
    const read = egress.fetchTo({ ...found.destination, mostBytes, within: 10_000 })
    const token = await tokens.fresh(workspace)
    const response = await read(found.url, { headers: { Authorization: `Bearer ${token}` } })
    // A page to sign in on is what Slack answers whom it does not know.
    const isPage = response.headers.get('content-type')?.startsWith('text/html') === true
    if (!response.ok || isPage) throw new SlackRefusal('refused', 'file_not_found')
    return new Uint8Array(await response.arrayBuffer())
  }
}

/** Where Slack keeps what people share. */
const filesHost = 'files.slack.com'
const filesPath = '/files-pri/'

/**
 * The bot's token goes to nobody else, whatever a message says, and with it no method is called: a file that lies elsewhere
 * has the address that somebody gave it. What the operator has put in Slack's place keeps files beside the methods.
 */
function fileAt(config: Core['config'], address: string) {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url?.hostname === filesHost) return { url, destination: { hosts: [filesHost] } }
  const { url: methods, destination } = slackAddress(config)
  const isBeside = destination.namedByOperator && url?.origin === methods.origin
  return isBeside && url.pathname.startsWith(filesPath) ? { url, destination } : undefined
}
