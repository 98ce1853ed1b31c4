import type { Protocol, Request, VendorAnswer } from './vendorServer.ts'

/** Gemini's streamGenerateContent with alt=sse (API reference: "Generating content"). */
export const geminiProtocol: Protocol = {
  name: 'Gemini',
  environment: (address) => ({
    GOOGLE_API_KEY: 'test-key',
    GOOGLE_BASE_URL: address,
    GOOGLE_MODEL: 'gemini-test',
  }),
  frames: ({ words = [], calls = [], hangs, breaksOff }: VendorAnswer) => [
    ...words.map((text) => chunk([{ text }])),
    ...(calls.length > 0 ? [chunk(calls.map(({ name, args }) => ({ functionCall: { name, args } })))] : []),
    ...(hangs || breaksOff ? [] : [chunk([{ text: '' }], 'STOP')]),
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
}

interface Content {
  readonly parts: readonly { readonly functionResponse?: { readonly response: unknown } }[]
}

const chunk = (parts: readonly object[], finishReason?: string) => ({
  candidates: [{ index: 0, content: { role: 'model', parts }, ...(finishReason && { finishReason }) }],
  usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 },
})
