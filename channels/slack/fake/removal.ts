import { tell } from './events.ts'
import type { Installation } from './installations.ts'
import type { World } from './world.ts'

/** An admin takes the app away: its tokens end, its bot leaves every channel, and the app is told of both. */
export function uninstall(world: World, installation: Installation): void {
  const tokens = { oauth: [], bot: [installation.bot.id] }
  tell(world, installation, { type: 'tokens_revoked', tokens, event_ts: world.ids.timestamp() })
  tell(world, installation, { type: 'app_uninstalled', event_ts: world.ids.timestamp() })
  world.installations.uninstall(installation)
  for (const { members, kind } of world.workspace.channels)
    if (kind !== 'im') members.delete(installation.bot.id)
  world.changes.emit('change')
}
