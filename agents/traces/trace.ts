import { z } from 'zod'

const milliseconds = z.int().nonnegative()
const time = z.iso.datetime({ offset: true })

/** Something that a model was told; a tool's result is named by its call, whose output stands among the calls. */
const Told = z.object({
  role: z.enum(['system', 'person', 'agent', 'tool']),
  text: z.string(),
  /** Calls that an agent's message asked for, or the call that a tool's result answers. */
  calls: z.array(z.string()),
})

/** One question to one model. */
export const Step = z.object({
  provider: z.string(),
  model: z.string(),
  /** What it was told beyond what the steps before it were. */
  told: z.array(Told),
  /** Names of the tools that it was offered. */
  tools: z.array(z.string()),
  answer: z.string(),
  /** Ids of the calls that it asked for. */
  calls: z.array(z.string()),
  inputTokens: z.int(),
  outputTokens: z.int(),
  /** Milliseconds after the turn's beginning. */
  atMs: milliseconds,
  firstTokenMs: milliseconds.nullable(),
  totalMs: milliseconds,
  error: z.string().nullable(),
})
export type Step = z.output<typeof Step>

const Call = z.object({
  id: z.string(),
  operation: z.string(),
  title: z.string().optional(),
  input: z.unknown(),
  status: z.string(),
  output: z.unknown().optional(),
  summary: z.string().optional(),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
  /** The question that a person had. */
  approval: z
    .object({ id: z.uuid(), operation: z.string(), summary: z.string(), expiresAt: time })
    .optional(),
  /** Milliseconds after the turn's beginning; absent for what an interrupted attempt had made. */
  atMs: milliseconds.optional(),
  totalMs: milliseconds.optional(),
})

/** A call that a replay's model wanted; it was answered from the trace, or not at all. */
export const ReplayedCall = z.object({ operation: z.string(), input: z.unknown(), recorded: z.boolean() })

/** A turn in a line. */
export const TraceLine = z.object({
  id: z.uuid(),
  conversationId: z.uuid(),
  personId: z.uuid(),
  personName: z.string().nullable(),
  agent: z.string(),
  locale: z.enum(['da', 'en']),
  status: z.enum(['done', 'failed', 'stopped']),
  /** `provider/model`, in the order in which they were asked. */
  models: z.array(z.string()),
  calls: z.int(),
  inputTokens: z.int(),
  outputTokens: z.int(),
  /** Micro-units of the currency, by what was counted for its conversation meanwhile; null where nothing was. */
  costMicros: z.int().nullable(),
  currency: z.string().nullable(),
  firstTokenMs: milliseconds.nullable(),
  totalMs: milliseconds,
  replayOf: z.uuid().nullable(),
  startedAt: time,
  /** What the person wrote; in a list its beginning. */
  message: z.string(),
  version: z.int(),
})

/** What is told of a turn beyond its line. */
export const TraceBody = z.object({
  message: z.string(),
  reply: z.string(),
  steps: z.array(Step),
  made: z.array(Call),
})
export type TraceBody = z.output<typeof TraceBody>

export const Trace = z.object({ ...TraceLine.shape, ...TraceBody.shape })
