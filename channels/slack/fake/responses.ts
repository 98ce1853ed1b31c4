import { checkBlocks } from './blockKit/validate.ts'
import { change, post, remove } from './messages.ts'
import type { Block, Fields } from './state.ts'
import type { ResponseUrl } from './triggers.ts'
import type { World } from './world.ts'

/** What an app says at a response URL, or at once as the answer to a command. */
export function respond(world: World, { channel, user, message }: ResponseUrl, said: Fields): void {
  const installation = world.installations.of(channel.team) ?? world.installations.of(user.team)
  if (!installation) return
  const blocks = checkBlocks((said['blocks'] ?? []) as Block[])
  const content = {
    text: String(said['text'] ?? ''),
    blocks,
    attachments: (said['attachments'] ?? []) as Fields[],
  }
  if (isTrue(said['delete_original']) && message) return remove(world, message)
  if (isTrue(said['replace_original']) && message)
    return change(world, message, (one) => void Object.assign(one, content))
  const threadTs = said['thread_ts'] as string | undefined
  post(world, channel, installation.bot, {
    ...content, botId: installation.botId, ...(threadTs && { threadTs }),
    ...(said['response_type'] !== 'in_channel' && { onlyFor: user.id }),
  }) // prettier-ignore
}

const isTrue = (value: unknown): boolean => value === true || value === 'true'
