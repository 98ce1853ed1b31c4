import { z } from 'zod'
import type { Statement } from '../database/sql.ts'
import type { BroughtMark } from './brought.ts'
import type { Caller } from './caller.ts'
import type { OutsideContext, ReadContext, WriteContext } from './context.ts'
import type { PublicKeyed } from './publicKey.ts'
import { nameParts, toolName, type NameParts, type OperationName } from './name.ts'

/**
 * What an operation does to the world; everything about safety follows from it.
 * `read` changes nothing; `write` changes the tenant's own data; `send` leaves the tenant;
 * `destroy` cannot be undone and is confirmed by a person first.
 */
export type Effect = 'read' | 'write' | 'send' | 'destroy'

type ContextOf<E extends Effect> = E extends 'read' ? ReadContext : WriteContext

interface Described<
  Name extends string,
  E extends Effect,
  Input extends z.ZodType,
  Output extends z.ZodType,
> {
  /** `domain.resource.verb`: the route, the tool, the action id and the audit key follow from it. */
  readonly name: Name
  /** One English sentence for developers and models. Words for people live in the plugin's locale files. */
  readonly summary: string
  readonly effect: E
  readonly input: Input
  readonly output: Output
  /** True when the output can hold outsiders' words (mail bodies, web pages, uploads): it marks the conversation. */
  readonly untrusted?: boolean
  /** Only a person (or a key of theirs) does this; never an agent or a job, whatever it may. */
  readonly personOnly?: true
  /** An outsider with a public key of the company may call it too, at `/api/v1/public/…/{key}/…`. */
  readonly publicKey?: PublicKeyed
  /**
   * What follows once the change is committed, such as carrying out what was decided; it answers the output as it then
   * stands. Must be repeatable, and something else must do it when the process ends before.
   */
  afterCommit?(output: z.output<Output>, caller: Caller): Promise<z.output<Output>>
}

type Handler<E extends Effect, Input extends z.ZodType, Output extends z.ZodType, Answer> = (
  input: z.output<Input>,
  context: ContextOf<E>,
  /** What `outside` came back with. */
  answer: Answer,
) => Promise<z.input<Output>> | z.input<Output>

/**
 * What is said to another system, between two transactions, so that no connection waits for it. It reads what it needs
 * in the first and answers the work; `run` gets what came of the work, in the second. A process that dies between them
 * leaves the call as begun: a repeat with its key, or its approval, is told so and does nothing.
 */
type Outside<Input extends z.ZodType, Answer> = (
  input: z.output<Input>,
  context: OutsideContext,
) => Promise<() => Promise<Answer>>

/**
 * A read whose whole answer is one statement: it returns one row `{ json }` that PostgreSQL built (and `version`
 * where the thing has one). It takes the fast path: one pipelined exchange, and the JSON goes out as it came.
 */
export type Query<Input extends z.ZodType> = (
  input: z.output<Input>,
  who: Asking,
) => Statement | Promise<Statement>

/** Who asks, for reads that show each person their own things, or what they may decide. */
export type Who = Pick<ReadContext, 'actor' | 'permissions' | 'locale'>
/** The same, with what their company has chosen. */
export type Asking = Who & Pick<ReadContext, 'settings'>

type Body<E extends Effect, Input extends z.ZodType, Output extends z.ZodType, Answer> =
  | {
      readonly outside?: Outside<Input, Answer>
      readonly run: Handler<E, Input, Output, Answer>
      readonly query?: never
    }
  | (E extends 'read' ? { readonly query: Query<Input>; readonly run?: never } : never)

export type Operation<
  Name extends string = string,
  E extends Effect = Effect,
  Input extends z.ZodType = z.ZodType,
  Output extends z.ZodType = z.ZodType,
> = Described<Name, E, Input, Output> &
  NameParts & {
    /** The name as vendors of models take it: `crm_deals_move`. */
    readonly tool: string
    /** What an actor must hold: `crm.deals:write`. */
    readonly permission: string
    /** Set where only one company has it. */
    readonly brought?: BroughtMark
    readonly outside?: Outside<Input, unknown>
    readonly run?: Handler<E, Input, Output, never>
    readonly query?: Query<Input>
  }

// oxlint-disable-next-line no-explicit-any -- the only way to say "an operation of any input and output" in a variant position
export type AnyOperation = Operation<string, any, any, any>
export type ReadOperation = AnyOperation & { readonly effect: 'read' }
export type InputOf<O extends AnyOperation> = z.input<O['input']>
export type OutputOf<O extends AnyOperation> = z.output<O['output']>

/** Describes what can be done, once; every way in is derived from the value that comes back. */
export function operation<
  const Name extends string,
  const E extends Effect,
  Input extends z.ZodType,
  Output extends z.ZodType,
  Answer = undefined,
>(
  definition: Described<Name & OperationName<Name>, E, Input, Output> & Body<E, Input, Output, Answer>,
): Operation<Name, E, Input, Output> {
  const parts = nameParts(definition.name)
  return Object.freeze({
    ...definition,
    ...parts,
    input: refuseUnknownFields(definition.input),
    tool: toolName(definition.name),
    permission: `${parts.domain}.${parts.resource}:${definition.effect}`,
  }) as Operation<Name, E, Input, Output>
}

/** A field that nobody knows is a mistake of the caller's, and better said than dropped. */
function refuseUnknownFields<Input extends z.ZodType>(input: Input): Input {
  return input instanceof z.ZodObject && input.def.catchall === undefined
    ? (input.strict() as z.ZodType as Input)
    : input
}
