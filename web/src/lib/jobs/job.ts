import type { Job, JobStatus } from '#lib/api/types.ts'
import { formatDateTime, t } from '#lib/messages/index.ts'

/** In the order in which an admin looks for them. */
export const jobStatuses = ['failed', 'running', 'waiting', 'held', 'done', 'cancelled'] as const

export const jobTones = {
  held: 'neutral',
  waiting: 'neutral',
  running: 'accent',
  done: 'good',
  failed: 'danger',
  cancelled: 'warn',
} as const

export const isJobStatus = (text: string | null): text is JobStatus =>
  jobStatuses.some((status) => status === text)

export const canRetry = ({ status, code }: Job): boolean =>
  (status === 'failed' || status === 'cancelled') && code !== 'event_unknown'

export const canCancel = ({ endedAt, code }: Job): boolean => endedAt === null && code !== 'job_cancelled'

/** One that runs is told to stop before its next piece; until then it goes on. */
export const isCancelling = ({ status, code }: Job): boolean =>
  status === 'running' && code === 'job_cancelled'

export const causeOf = ({ cause, personName }: Job): string =>
  cause === 'request' && personName !== null
    ? t('jobs.byPerson', { name: personName })
    : t(`jobs.by.${cause}`)

/** When one that waits is begun, where that is not as soon as there is room. */
export function nextTryOf({ status, runAt, code }: Job, now = Date.now()): string | undefined {
  if (status !== 'waiting' || Date.parse(runAt) <= now) return undefined
  return t(code === null ? 'jobs.notBefore' : 'jobs.nextTry', { date: formatDateTime(runAt) })
}
