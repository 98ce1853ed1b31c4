import { createMiddleware } from 'langchain'
import { isAbort } from './abort.ts'
import { contextOf } from './context.ts'

/** The vendor's model while it answers; from its first failure on, the offline model, which needs nobody. */
export const offlineFallback = createMiddleware({
  name: 'offlineFallback',
  wrapModelCall: async (request, handler) => {
    const context = contextOf(request)
    const { vendor, offline, turn } = context
    if (!vendor || context.fellBack) return handler({ ...request, model: offline })
    try {
      return await handler({ ...request, model: vendor.model })
    } catch (error) {
      if (turn.signal.aborted || isAbort(error)) throw error
      context.fellBack = true
      return handler({ ...request, model: offline })
    }
  },
})
