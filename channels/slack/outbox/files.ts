import { fault, type Core } from '#core'
import { slackAddress } from '../install/address.ts'
import { SlackRefusal } from '../install/api.ts'
import type { Workspace } from '../install/workspace.ts'
import { hasCode, untilSure } from './certainty.ts'
import type { Gate } from './gate.ts'
import type { Row } from './row.ts'
import type { Rows } from './rows.ts'
import type { Timer } from './timer.ts'

interface FileParts {
  readonly core: Core
  readonly gate: Gate
  readonly rows: Rows
  readonly timer: Timer
}

/** Bytes of a file that is kept in a row. */
const largest = 5 * 1024 * 1024

export function requireFits({ byteLength }: Uint8Array): void {
  if (byteLength > largest) throw fault('too_large', { limit: '5 MB' })
}

/** Uploads a row's file and shares it in its thread once: Slack is asked about the upload before it is made again. */
export async function deliverFile(
  parts: FileParts,
  workspace: Workspace,
  row: Row,
  isFirst: boolean,
): Promise<void> {
  let { fileId } = row
  await untilSure(parts.timer, async (isRepeat) => {
    if (fileId && (isRepeat || !isFirst) && (await isShared(parts.gate, workspace, row, fileId))) return
    fileId = await upload(parts, workspace, row)
    await parts.rows.saveFileId(row, fileId)
    await parts.gate.call(workspace, 'files.completeUploadExternal', {
      files: [{ id: fileId, title: row.content!.file!.title }],
      channel_id: row.channel,
      ...(row.thread && { thread_ts: row.thread }),
    })
  })
}

async function isShared(gate: Gate, workspace: Workspace, row: Row, file: string): Promise<boolean> {
  try {
    const { file: known } = await gate.call(workspace, 'files.info', { file })
    const { channels = [], groups = [], ims = [] } = known as Readonly<Record<string, readonly string[]>>
    return [...channels, ...groups, ...ims].includes(row.channel)
  } catch (error) {
    if (hasCode(error, 'file_not_found')) return false
    throw error
  }
}

async function upload({ core, gate }: FileParts, workspace: Workspace, row: Row): Promise<string> {
  const content = row.file ?? Buffer.alloc(0)
  const answer = await gate.call(workspace, 'files.getUploadURLExternal', {
    filename: row.content!.file!.name,
    length: content.byteLength,
  })
  const url = new URL(String(answer['upload_url']))
  const send = core.egress.fetchTo(destinationOf(core, url))
  const response = await send(url, { method: 'POST', body: new Uint8Array(content) }).catch((cause: unknown) => {
    throw new SlackRefusal('unknown', '', undefined, { cause })
  }) // prettier-ignore
  await response.body?.cancel()
  if (!response.ok) throw new SlackRefusal('unknown', `upload_${response.status}`)
  return String(answer['file_id'])
}

/** Slack names where to upload to: itself, or what the operator has put in its place. */
function destinationOf({ config }: Core, { hostname }: URL) {
  const { destination } = slackAddress(config)
  if (destination.hosts.includes(hostname)) return destination
  if (!hostname.endsWith('.slack.com')) throw new SlackRefusal('refused', 'upload_elsewhere')
  return { hosts: [hostname] }
}
