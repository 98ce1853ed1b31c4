import type { Notifications } from '../database/notifications.ts'
import type { Bus } from './bus.ts'

const channel = 'tekup_live'

/**
 * Over the connection that this process listens on anyway. It is said after the commit and not in it: a commit that
 * notifies waits for every other one that does, in the whole cluster.
 */
export function postgresBus(notifications: Notifications): Bus {
  let end = (): void => undefined
  return {
    say: (texts) => notifications.notify(channel, texts),
    follow: ({ onText, onHearing }) => {
      const following = notifications.follow(channel, { onNotification: onText, onHearing })
      end = following.end
      return following.ready
    },
    close: async () => end(),
  }
}
