import type { AnyOperation, Authenticated, Caller, Core } from '#core'

/** A question as `platform.approvals.get` answers it, in the reader's language. */
export interface Approval {
  readonly id: string
  readonly operation: string
  readonly effect: 'write' | 'send' | 'destroy'
  readonly title: string
  readonly summary: string
  readonly fields: readonly Field[]
  readonly changes: readonly Change[]
  readonly editableFields: readonly string[]
  readonly status: Status
  readonly parked: boolean
  readonly outcome: string | null
  readonly deciders: 'asker' | 'permitted'
  readonly personId: string
  readonly personName: string | null
  readonly agentName: string
  readonly untrusted: boolean
  readonly alwaysFields: readonly string[]
  readonly decidedByName: string | null
  readonly decidedAt: string | null
  readonly expiresAt: string
}

export type Status = 'pending' | 'approved' | 'done' | 'failed' | 'rejected' | 'void' | 'expired'

export interface Field {
  readonly name: string
  readonly label: string
  readonly value: string
  readonly before: string | null
  readonly sink: string | null
}

/** What somebody made of it when they approved it. */
export interface Change {
  readonly label: string
  readonly asked: string
  readonly value: string
}

type Invoking = Pick<Core, 'invoke' | 'registry'>

/** Calls an operation of the core as a person in Slack; refused with a `Fault` as everywhere. */
export async function callAs<Result>(
  { invoke, registry }: Invoking,
  who: Authenticated,
  name: string,
  input: object,
): Promise<Result> {
  const caller: Caller = { ...who, origin: { surface: 'slack', requestId: `slack-${name}` } }
  return (await invoke(registry.find(name) as AnyOperation, input, caller)).value as Result
}

export const readApproval = async (core: Invoking, who: Authenticated, id: string): Promise<Approval> =>
  asSeenBy(who, await callAs<Approval>(core, who, 'platform.approvals.get', { id }))

/** To always allow it is for the asker alone to say; nobody else is shown it. */
export const asSeenBy = ({ actor }: Authenticated, approval: Approval): Approval =>
  actor.id === approval.personId ? approval : { ...approval, alwaysFields: [] }
