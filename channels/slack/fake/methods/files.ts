import { describeFile } from '../describe.ts'
import { tellInChannel } from '../events.ts'
import { post } from '../messages.ts'
import { refuse } from '../refusal.ts'
import type { SlackFile } from '../state.ts'
import { actorOf, installationOf, listed, maybe, text, type Call, type Methods } from './call.ts'
import { author } from './chat.ts'
import { threadOf, writableChannel } from './chatContent.ts'

const largest = 1024 ** 3

export const files: Methods = {
  'files.getUploadURLExternal': (call) => {
    const size = Number(call.args['length'])
    if (size > largest) refuse('file_upload_size_restricted')
    const altText = maybe(call, 'alt_txt')
    if (altText && altText.length > 1000) refuse('alt_txt_too_large')
    const file: SlackFile = {
      id: call.world.ids.next('F'), name: text(call, 'filename'), title: text(call, 'filename'), size,
      team: installationOf(call).team, owner: actorOf(call), isComplete: false, channels: [],
      ...(altText && { altText }),
    } // prettier-ignore
    call.world.workspace.files.push(file)
    return { upload_url: `${call.world.address}/upload/v1/${file.id}`, file_id: file.id }
  },

  'files.completeUploadExternal': (call) => {
    const named = listed(call, 'files') ?? []
    const found = named.map(({ id, title }) => {
      const file = fileNamed(call, String(id))
      if (!file.content) refuse('file_update_failed')
      file.title = typeof title === 'string' ? title : file.title
      return file
    })
    share(call, found)
    return { files: found.map((file) => describeFile(call.world, file)) }
  },

  'files.info': (call) => {
    const file = fileNamed(call, text(call, 'file'))
    if (!file.isComplete) refuse('file_not_found')
    return { file: describeFile(call.world, file), comments: [], response_metadata: { next_cursor: '' } }
  },
}

function fileNamed(call: Call, id: string): SlackFile {
  const { team } = installationOf(call)
  return (
    call.world.workspace.files.find((file) => file.id === id && file.team === team) ??
    refuse('file_not_found')
  )
}

/** Without a channel a file is its owner's alone. */
function share(call: Call, found: readonly SlackFile[]): void {
  const channel = maybe(call, 'channel_id') ? writableChannel(call, 'channel_id') : undefined
  const threadTs = channel && threadOf(call, channel)
  for (const file of found) Object.assign(file, { isComplete: true, channels: channel ? [channel.id] : [] })
  if (!channel) return
  post(call.world, channel, actorOf(call), {
    ...author(call), text: text(call, 'initial_comment'), files: [...found], ...(threadTs && { threadTs }),
  }) // prettier-ignore
  for (const { id } of found)
    tellInChannel(call.world, channel, {
      type: 'file_shared', file_id: id, user_id: actorOf(call).id, file: { id }, channel_id: channel.id,
      event_ts: call.world.ids.timestamp(),
    }) // prettier-ignore
}
