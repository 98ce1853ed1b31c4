import type { Core, Destination } from '#core'
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

/** Where Slack keeps what people share. */
const filesHost = 'files.slack.com'

export function createDownload({ config, egress }: Core, tokens: Tokens): Download {
  const { destination } = slackAddress(config)
  return async (workspace, address, mostBytes) => {
    const url = URL.canParse(address) ? new URL(address) : undefined
    const known: Destination = url?.hostname === filesHost ? { hosts: [filesHost] } : destination
    // The bot's token goes to nobody else, whatever a message says.
    if (!url || !known.hosts.includes(url.hostname)) throw new SlackRefusal('refused', 'foreign_file')
    const read = egress.fetchTo({ ...known, mostBytes, within: 10_000 })
    const token = await tokens.fresh(workspace)
    const response = await read(url, { headers: { Authorization: `Bearer ${token}` } })
    // A page to sign in on is what Slack answers whom it does not know.
    const isPage = response.headers.get('content-type')?.startsWith('text/html') === true
    if (!response.ok || isPage) throw new SlackRefusal('refused', 'file_not_found')
    return new Uint8Array(await response.arrayBuffer())
  }
}
