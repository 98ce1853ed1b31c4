import { BaseCallbackHandler } from '@langchain/core/callbacks/base'
import { AIMessage, type BaseMessage, type UsageMetadata } from '@langchain/core/messages'
import type { Serialized } from '@langchain/core/load/serializable'
import type { LLMResult } from '@langchain/core/outputs'
import { textOf } from '../models/textOf.ts'
import { scrubbed } from './scrub.ts'
import { toldOf } from './told.ts'
import type { Step } from './trace.ts'

/** Milliseconds after the turn's beginning, and how many it took. */
interface CallTime {
  readonly atMs: number
  readonly totalMs: number
}

interface OpenStep {
  readonly step: Step
  readonly startedAt: number
}

/**
 * Hears of every question to a model in one turn, whichever model and whatever asked it: retries, fallbacks and
 * summaries too. LangChain tells its handlers; no layer can go around it.
 */
export class TraceRecorder extends BaseCallbackHandler {
  override readonly name = 'trace'
  /** What a model says of a question is there before the next step begins. */
  override awaitHandlers = true
  readonly steps: Step[] = []
  readonly #open = new Map<string, OpenStep>()
  readonly #startedAt = performance.now()
  readonly #callTimes = new Map<string, CallTime>()
  readonly #kept: ReadonlySet<string>
  #told = 0
  #firstTokenMs: number | null = null

  /** `kept`: ids of messages whose words need not be kept here, because their conversation keeps them. */
  constructor(kept: ReadonlySet<string> = new Set()) {
    super()
    this.#kept = kept
  }

  /** Milliseconds from the turn's beginning to the first word of an answer. */
  get firstTokenMs(): number | null {
    return this.#firstTokenMs
  }

  get totalMs(): number {
    return Math.round(performance.now() - this.#startedAt)
  }

  /** Remembers when a call was made and how long it took. */
  async timed<Made extends { readonly id: string }>(call: () => Promise<Made>): Promise<Made> {
    const atMs = this.totalMs
    const made = await call()
    this.#callTimes.set(made.id, { atMs, totalMs: this.totalMs - atMs })
    return made
  }

  timeOf(call: string): CallTime | undefined {
    return this.#callTimes.get(call)
  }

  override handleChatModelStart(
    _model: Serialized,
    [messages = []]: BaseMessage[][],
    runId: string,
    _parent?: string,
    extra?: Record<string, unknown>,
    _tags?: string[],
    metadata?: Record<string, unknown>,
  ): void {
    const step: Step = {
      provider: nameOf(metadata?.['ls_provider']),
      model: nameOf(metadata?.['ls_model_name']),
      told: toldOf(messages.slice(this.#told), this.#kept),
      tools: toolNames(extra),
      answer: '',
      calls: [],
      atMs: this.totalMs,
      inputTokens: 0,
      outputTokens: 0,
      firstTokenMs: null,
      totalMs: 0,
      error: null,
    }
    this.#told = messages.length
    this.steps.push(step)
    this.#open.set(runId, { step, startedAt: performance.now() })
  }

  override handleLLMNewToken(token: string, _at: unknown, runId: string): void {
    const open = this.#open.get(runId)
    if (!open || token === '') return
    open.step.firstTokenMs ??= since(open.startedAt)
    this.#firstTokenMs ??= this.totalMs
  }

  override handleLLMEnd({ generations }: LLMResult, runId: string): void {
    const { message } = (generations[0]?.[0] ?? {}) as { message?: BaseMessage }
    this.#close(runId, (step) => {
      if (!message || !AIMessage.isInstance(message)) return
      step.answer = scrubbed(textOf(message))
      step.calls = (message.tool_calls ?? []).map(({ id = '' }) => id)
      const { input_tokens, output_tokens } = (message.usage_metadata ?? {}) as Partial<UsageMetadata>
      step.inputTokens = input_tokens ?? 0
      step.outputTokens = output_tokens ?? 0
    })
  }

  override handleLLMError(error: unknown, runId: string): void {
    this.#close(runId, (step) => {
      step.error = scrubbed(error instanceof Error ? error.message : String(error)).slice(0, 500)
    })
  }

  #close(runId: string, finish: (step: Step) => void): void {
    const open = this.#open.get(runId)
    if (!open) return
    this.#open.delete(runId)
    open.step.totalMs = since(open.startedAt)
    finish(open.step)
  }
}

const since = (start: number): number => Math.round(performance.now() - start)

const nameOf = (value: unknown): string => (typeof value === 'string' && value !== '' ? value : 'unknown')

/** The tools of a question, in the words of either vendor or as LangChain holds them. */
function toolNames(extra: Record<string, unknown> | undefined): string[] {
  const { tools } = (extra?.['options'] ?? {}) as { tools?: unknown }
  return Array.isArray(tools) ? tools.flatMap(namesOf) : []
}

function namesOf(tool: unknown): string[] {
  if (typeof tool === 'string') return [tool]
  const {
    name,
    function: described,
    functionDeclarations,
  } = tool as {
    name?: string
    function?: { name?: string }
    functionDeclarations?: readonly { name: string }[]
  }
  if (functionDeclarations) return functionDeclarations.map((declared) => declared.name)
  const found = name ?? described?.name
  return found === undefined ? [] : [found]
}
