import type { Database } from '../database/database.ts'
import type { Logger } from '../observability/log.ts'

/** Says that there is something to do; a hint that is lost costs the time until the next look, and nothing else. */
export interface WorkHints {
  /** Something was stored and is committed. */
  give(): void
  /** Has the worker that is at a job cut it off, whichever process that is. */
  cancel(id: string): void
  /** From here on hints are taken here, and so are those of other processes. */
  take(taker: HintTaker): () => void
}

export interface HintTaker {
  onWork(): void
  onCancel(id: string): void
}

const channel = 'tekup_work'
/** Milliseconds in which the hints of a process that has no workers are gathered into one. */
const gatheredMs = 10

export function createWorkHints({ notifications }: Pick<Database, 'notifications'>, log: Logger): WorkHints {
  let taker: HintTaker | undefined
  let gathering = false
  const tellOthers = (payload: string): void => {
    notifications
      .notify(channel, [payload])
      .catch((error: unknown) => log.debug({ err: error }, 'workers could not be told that there is work'))
  }
  return {
    give: () => {
      if (taker) return taker.onWork()
      if (gathering) return
      gathering = true
      setTimeout(() => {
        gathering = false
        tellOthers('')
      }, gatheredMs).unref()
    },
    cancel: (id) => {
      taker?.onCancel(id)
      tellOthers(id)
    },
    take: (given) => {
      taker = given
      const following = notifications.follow(channel, {
        onNotification: (payload) => (payload === '' ? given.onWork() : given.onCancel(payload)),
        onHearing: (hearing) => hearing && given.onWork(),
      })
      return () => {
        taker = undefined
        following.end()
      }
    },
  }
}
