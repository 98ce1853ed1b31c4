import { SpanKind, SpanStatusCode, trace, context, type Attributes, type Span } from '@opentelemetry/api'
import type { AgentTurn, CallRecord } from '#core'
import type { TraceRecorder } from './recorder.ts'
import type { Step } from './trace.ts'

interface ToldTurn {
  readonly turn: Pick<AgentTurn, 'tenant' | 'conversation'>
  readonly recorder: TraceRecorder
  readonly calls: readonly CallRecord[]
  readonly status: 'done' | 'failed' | 'stopped'
}

/**
 * A finished turn as OpenTelemetry spans: one for the agent, below it one for each question to a model and each call,
 * named and marked as the GenAI semantic conventions say (open-telemetry/semantic-conventions 1.41, in development).
 * What was said is in none of them.
 */
export function emitSpans({ turn, recorder, calls, status }: ToldTurn): void {
  const tracer = trace.getTracer('tekup')
  const began = Date.now() - recorder.totalMs
  const agent = tracer.startSpan('invoke_agent TekUp', {
    startTime: began,
    attributes: {
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.provider.name': 'tekup',
      'gen_ai.agent.name': 'TekUp',
      'gen_ai.conversation.id': turn.conversation,
      'tekup.tenant.id': turn.tenant.id,
    },
  })
  if (!agent.isRecording()) return
  const below = trace.setSpan(context.active(), agent)
  const child = (
    name: string,
    kind: SpanKind,
    at: Timed,
    attributes: Attributes,
    error: string | undefined,
  ) => {
    const span = tracer.startSpan(name, { kind, startTime: began + at.atMs, attributes }, below)
    endSpan(span, began + at.atMs + at.totalMs, error)
  }
  for (const step of recorder.steps)
    child(
      `chat ${step.model}`,
      SpanKind.CLIENT,
      step,
      chatAttributes(step),
      step.error === null ? undefined : 'model_error',
    )
  for (const call of calls) {
    const at = recorder.timeOf(call.id)
    if (at)
      child(`execute_tool ${call.operation}`, SpanKind.INTERNAL, at, toolAttributes(call), call.error?.code)
  }
  endSpan(agent, began + recorder.totalMs, status === 'failed' ? 'turn_failed' : undefined)
}

interface Timed {
  /** Milliseconds after the turn's beginning. */
  readonly atMs: number
  readonly totalMs: number
}

function endSpan(span: Span, endTime: number, error: string | undefined): void {
  if (error !== undefined) span.setAttribute('error.type', error).setStatus({ code: SpanStatusCode.ERROR })
  span.end(endTime)
}

/** The conventions' own names for the vendors. */
const providers: Readonly<Record<string, string>> = { google: 'gcp.gemini' }

const chatAttributes = ({ provider, model, inputTokens, outputTokens, firstTokenMs }: Step): Attributes => ({
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': providers[provider] ?? provider,
  'gen_ai.request.model': model,
  'gen_ai.request.stream': true,
  'gen_ai.usage.input_tokens': inputTokens,
  'gen_ai.usage.output_tokens': outputTokens,
  ...(firstTokenMs !== null && { 'gen_ai.response.time_to_first_chunk': firstTokenMs / 1_000 }),
})

const toolAttributes = ({ id, operation }: CallRecord): Attributes => ({
  'gen_ai.operation.name': 'execute_tool',
  'gen_ai.tool.name': operation,
  'gen_ai.tool.type': 'function',
  'gen_ai.tool.call.id': id,
})
