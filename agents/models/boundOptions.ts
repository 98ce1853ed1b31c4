import { RunnableBinding } from '@langchain/core/runnables'

/** What a model bound to its tools passes on with every call: vendors' clients keep it in their own ways. */
export function boundOptions(bound: object): Readonly<Record<string, unknown>> {
  if (RunnableBinding.isRunnableBinding(bound)) return { ...bound.config, ...bound.kwargs }
  return (bound as { defaultOptions?: Readonly<Record<string, unknown>> }).defaultOptions ?? {}
}
