import type { ChatGenerationChunk } from '@langchain/core/outputs'
import { ChatGoogleGenerativeAI } from '@langchain/google-genai'
import type { ModelChoice } from './choice.ts'
import { connectionFault } from './connectionFault.ts'
import { mostOutput } from './estimate.ts'
import { geminiTransport, type Ending } from './geminiTransport.ts'
import { noKey } from './keyedFetch.ts'
import type { VendorClient } from './vendorModel.ts'

/** Gemini through LangChain's client, over a transport of ours: Google's own takes no `fetch`, so no door could stand before it. */
export function googleClient({ model, baseUrl }: ModelChoice, go: typeof fetch): VendorClient {
  const chat = new ChatGoogleGenerativeAI({
    model,
    apiKey: noKey,
    maxOutputTokens: mostOutput,
    maxRetries: 0,
    baseUrl,
  })
  const ofChat = chat as unknown as { client: object }
  const address = `${baseUrl.replace(/\/+$/, '')}/v1beta/models/${chat.model}:streamGenerateContent?alt=sse`
  ofChat.client = Object.assign(ofChat.client, geminiTransport(address, go))
  return { chat, faultOf: connectionFault, endingOf }
}

/** The transport has seen how the answer ended, also where LangChain leaves out the piece that says it. */
const endingOf = ({ generationInfo }: ChatGenerationChunk): string | undefined =>
  (generationInfo as Partial<Ending> | undefined)?.finishReason
