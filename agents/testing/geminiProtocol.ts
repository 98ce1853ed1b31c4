import { geminiRefuses } from './geminiRules.ts'
import type { Protocol, Request, VendorAnswer, VendorUse } from './vendorServer.ts'

/** Gemini's streamGenerateContent with alt=sse (API reference: "Generating content"). */
export const geminiProtocol: Protocol = {
  name: 'Gemini',
  environment: (address) => ({
    GOOGLE_API_KEY: 'test-key',
    GOOGLE_BASE_URL: address,
    GOOGLE_MODEL: 'gemini-test',
  }),
  frames: ({
    words = [],
    calls = [],
    hangs,
    breaksOff,
    cutShort,
    finish,
    raw,
    unfinished,
    used,
  }: VendorAnswer) => [
    ...words.map((text) => chunk([{ text }], used && { ...used, output: 0, reasoning: 0 })),
    ...(calls.length > 0 ? [chunk(calls.map(({ name, args }) => ({ functionCall: { name, args } })))] : []),
    ...(raw ? [raw] : []),
    ...(hangs || breaksOff || unfinished
      ? []
      : [chunk([{ text: '' }], used, cutShort ? 'MAX_TOKENS' : (finish ?? 'STOP'))]),
  ],
  ending: '',
  results: ({ contents }: Request) =>
    (contents as Content[]).flatMap(({ parts }) =>
      parts.flatMap(({ functionResponse }) =>
        functionResponse ? [JSON.stringify(functionResponse.response)] : [],
      ),
    ),
  toolNames: ({ tools }: Request) =>
    (tools as { functionDeclarations: { name: string }[] }[]).flatMap((tool) =>
      tool.functionDeclarations.map(({ name }) => name),
    ),
  refuses: geminiRefuses,
}

interface Content {
  readonly parts: readonly { readonly functionResponse?: { readonly response: unknown } }[]
}

/** Every piece tells what was counted so far; thoughts are no candidates, and part of the total. */
const chunk = (parts: readonly object[], used: VendorUse = fewTokens, finishReason?: string) => ({
  candidates: [{ index: 0, content: { role: 'model', parts }, ...(finishReason && { finishReason }) }],
  usageMetadata: {
    promptTokenCount: used.input,
    candidatesTokenCount: used.output - used.reasoning,
    totalTokenCount: used.input + used.output,
    ...(used.cached > 0 && { cachedContentTokenCount: used.cached }),
    ...(used.reasoning > 0 && { thoughtsTokenCount: used.reasoning }),
  },
})

const fewTokens: VendorUse = { input: 10, cached: 0, output: 5, reasoning: 0 }
