import type { Core } from '../core.ts'
import { Fault } from '../errors.ts'
import { canonicalJson } from '../operations/canonical.ts'
import type { AgentRules } from '../operations/agentRules.ts'
import type { AnyOperation } from '../operations/operation.ts'
import type { Authenticated } from '../surfaces/authentication.ts'
import type { Origin } from '../operations/context.ts'
import type { PastMessage } from './agentPort.ts'
import { waitingIn, type CallRecord } from './turn.ts'

/** What was called for questions that their person has changed since. */
const callsReplaced = (history: readonly PastMessage[]): readonly CallRecord[] =>
  history.filter(({ isReplaced }) => isReplaced).flatMap(({ calls }) => calls)

/** Takes back what still waits for a yes of a question that is asked in other words now; true where there was something. */
export async function withdrawReplaced(
  { invoke, registry, log }: Pick<Core, 'invoke' | 'registry' | 'log'>,
  history: readonly PastMessage[],
  person: Authenticated & { readonly origin: Origin },
): Promise<boolean> {
  const waiting = waitingIn(callsReplaced(history))
  const withdraw = registry.find('platform.approvals.withdraw') as AnyOperation
  for (const { id } of waiting)
    await invoke(withdraw, { id }, person).catch((error: unknown) => {
      // Somebody has decided it meanwhile.
      if (!(error instanceof Fault))
        log.error({ err: error, approval: id }, 'a question could not be taken back')
    })
  return waiting.length > 0
}

/** Asks the person before what was done for the question as it was first is done once more. */
export function rulesAfter(
  history: readonly PastMessage[],
  { operation, input }: Pick<CallRecord, 'operation' | 'input'>,
  rules: AgentRules | undefined,
): AgentRules | undefined {
  const wasDone = callsReplaced(history).some(
    (call) =>
      call.status === 'done' &&
      call.operation === operation &&
      canonicalJson(call.input) === canonicalJson(input),
  )
  return wasDone ? { denies: (each) => rules?.denies(each) ?? false, asks: () => true } : rules
}
