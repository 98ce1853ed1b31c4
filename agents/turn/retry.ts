import { modelRetryMiddleware } from 'langchain'
import { isAbort } from './abort.ts'

export const retry = modelRetryMiddleware({
  maxRetries: 1,
  initialDelayMs: 250,
  onFailure: 'error',
  retryOn: isWorthRetrying,
})

/** A key that is wrong stays wrong; a server that stumbles may stand up again. */
function isWorthRetrying(error: Error): boolean {
  const status = (error as { status?: unknown }).status
  const isOurs = typeof status === 'number' && status >= 400 && status < 500 && status !== 429
  return !isOurs && !isAbort(error)
}
