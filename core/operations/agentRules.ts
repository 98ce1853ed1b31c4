import type { AnyOperation } from './operation.ts'

/** What an admin has said of one agent; it only ever takes away from what the person may do. */
export interface AgentRules {
  /** The agent never gets this. */
  denies(operation: AnyOperation): boolean
  /** A person is asked first, though the agent might do it. */
  asks(operation: AnyOperation): boolean
}
