import { identify } from '../blockKit/identify.ts'
import { checkBlocks } from '../blockKit/validate.ts'
import { refuse, refuseArguments } from '../refusal.ts'
import type { Block, Channel, Fields } from '../state.ts'
import { actorOf, channelOf, fields, installationOf, listed, maybe, text, type Call } from './call.ts'

export interface Content {
  readonly text: string
  readonly blocks: readonly Block[]
  readonly attachments: readonly Fields[]
  readonly metadata?: Fields
}

const longestText = 40_000
const sizeOfMetadata = 16_000

/** What a message is to say, refused where Slack refuses it. */
export function contentOf(call: Call): Content {
  const markdown = maybe(call, 'markdown_text')
  const blocks = listed(call, 'blocks')
  const attachments = listed(call, 'attachments') ?? []
  if (markdown && (blocks || maybe(call, 'text'))) refuse('markdown_text_conflict')
  if (!markdown && !maybe(call, 'text') && !blocks?.length && attachments.length === 0) refuse('no_text')
  if (attachments.length > 100) refuse('too_many_attachments')
  for (const [index, attachment] of attachments.entries()) checkAttachment(attachment, index)
  const metadata = metadataOf(call)
  return {
    text: markdown ?? shortened(call),
    blocks: markdown
      ? [{ type: 'markdown', text: markdown }]
      : identify(checkBlocks(blocks ?? []), () => call.world.ids.secret('block').slice(0, 5)),
    attachments,
    ...(metadata && { metadata }),
  }
}

function checkAttachment({ blocks }: Fields, index: number): void {
  if (Array.isArray(blocks)) checkBlocks(blocks, `/attachments/${index}/blocks`)
}

function shortened(call: Call): string {
  const whole = text(call, 'text')
  if (whole.length <= longestText) return whole
  call.warnings.push('message_truncated')
  return whole.slice(0, longestText)
}

export function metadataOf(call: Call): Fields | undefined {
  const metadata = fields(call, 'metadata')
  if (!metadata) return undefined
  const { event_type: type, event_payload: payload, entities } = metadata
  if (!entities && (typeof type !== 'string' || typeof payload !== 'object'))
    refuseArguments(
      ['missing required field: event_type, event_payload [json-pointer:/metadata]'],
      'invalid_metadata_format',
    )
  if (JSON.stringify(metadata).length > sizeOfMetadata) refuse('metadata_too_large')
  return metadata
}

/** Where a message may be posted: the bot is in the channel, or the channel is public and it may post in all of those. */
export function writableChannel(call: Call, name = 'channel'): Channel {
  const channel = directChannel(call, text(call, name)) ?? channelOf(call, name)
  const { scopes } = call.token
  if (channel.isArchived) refuse('is_archived')
  if (
    !channel.members.has(actorOf(call).id) &&
    !(channel.kind === 'public' && scopes.includes('chat:write.public'))
  )
    refuse('not_in_channel')
  if (channel.kind === 'im' && call.world.app.manifest.features?.app_home?.messages_tab_enabled === false)
    refuse('messages_tab_disabled')
  return channel
}

/** A person's id stands for the conversation with that person. */
function directChannel(call: Call, id: string): Channel | undefined {
  const user = call.world.workspace.findUser(id)
  return user && call.world.workspace.direct(installationOf(call).team, [user, actorOf(call)])
}

/** Posting under another name or picture is a scope of its own. */
export function checkCustomization(call: Call): void {
  const custom = ['username', 'icon_emoji', 'icon_url'].some((name) => call.args[name] !== undefined)
  const needed = 'chat:write.customize'
  if (custom && !call.token.scopes.includes(needed))
    refuse('missing_scope', { needed, provided: call.token.scopes.join(',') })
}

/** The thread that a message goes into: its root, also where a reply was named. */
export function threadOf(call: Call, channel: Channel): string | undefined {
  const ts = maybe(call, 'thread_ts')
  if (!ts) return undefined
  const parent = call.world.workspace.findMessage(channel, ts)
  if (!parent) return refuse('cannot_reply_to_message')
  return parent.threadTs ?? parent.ts
}
