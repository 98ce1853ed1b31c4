import type { RequestStateCodec } from '@modelcontextprotocol/server'
import type { Core } from '../../core.ts'
import type { AuthenticatedProgram } from '../../identity/index.ts'
import type { Caller } from '../../operations/caller.ts'
import { personOf } from '../../operations/context.ts'
import type { Authenticated } from '../authentication.ts'
import type { ApprovalState } from './approval.ts'
import type { Labels } from './labels.ts'
import type { Questions } from './questions.ts'
import type { Tools } from './tools.ts'

/** What every visit shares. */
export interface McpParts {
  readonly core: Core
  readonly tools: Tools
  readonly labels: Labels
  readonly questions: Questions
  /** Seals what a program carries while a person decides. */
  readonly states: RequestStateCodec<ApprovalState>
  /** The person themselves, for a yes that counts as theirs. */
  readonly accessOf: (tenant: string, person: string) => Promise<Authenticated>
  readonly version: string
}

/** One HTTP request of a program, once it is known whose it is. */
export interface Visit {
  readonly program: AuthenticatedProgram
  readonly requestId: string
  /** The origin that the program knows us by: pages for people are named from it. */
  readonly origin: string
  /** The program's own `Idempotency-Key`, when it sent one. */
  readonly idempotencyKey?: string
  /** The session of a 2025 revision; later ones have none. */
  readonly session?: VisitSession
}

export interface VisitSession {
  readonly id: string
  readonly elicitation: Elicitation
}

/** Which questions a client can put to its person. */
export interface Elicitation {
  readonly form: boolean
  readonly url: boolean
}

/** The server as it says of itself. */
export const serverInfo = ({ version }: Pick<McpParts, 'version'>) => ({
  name: 'tekup',
  title: 'TekUp',
  version,
})

/** A program acts as an agent for its person, with what it was let do and no more. */
export function agentOf({ program, requestId }: Visit, change: Partial<Caller> = {}): Caller {
  const { tenant, actor, permissions, domains, locale, credential } = program
  return {
    tenant,
    permissions,
    domains,
    locale,
    actor: { kind: 'agent', id: credential.id, name: credential.name, personId: personOf(actor) as string },
    origin: { surface: 'mcp', requestId },
    ...change,
  }
}
