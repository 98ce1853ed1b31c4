import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import type { Config } from '#core'

export interface VendorModel {
  readonly name: string
  readonly model: BaseChatModel
}

/** Milliseconds that a vendor may take for one answer, before another is asked. */
const patience = 30_000

/** The model that the settings name: OpenAI or what speaks its API, else Gemini, else none. Each is loaded only when used. */
export async function vendorModel(config: Config): Promise<VendorModel | undefined> {
  if (config.OPENAI_API_KEY !== undefined || config.OPENAI_BASE_URL !== undefined) return openai(config)
  return config.GOOGLE_API_KEY === undefined ? undefined : google(config, config.GOOGLE_API_KEY)
}

/** Servers of one's own often want no key, but the client wants one. */
async function openai({
  OPENAI_API_KEY = 'none',
  OPENAI_BASE_URL,
  OPENAI_MODEL = 'gpt-5-mini',
}: Config): Promise<VendorModel> {
  const { ChatOpenAI } = await import('@langchain/openai')
  const model = new ChatOpenAI({
    model: OPENAI_MODEL,
    apiKey: OPENAI_API_KEY,
    streaming: true,
    maxRetries: 0,
    timeout: patience,
    useResponsesApi: false,
    ...(OPENAI_BASE_URL !== undefined && { configuration: { baseURL: OPENAI_BASE_URL } }),
  })
  return { name: 'OpenAI', model }
}

async function google(
  { GOOGLE_BASE_URL, GOOGLE_MODEL = 'gemini-flash-latest' }: Config,
  apiKey: string,
): Promise<VendorModel> {
  const { ChatGoogleGenerativeAI } = await import('@langchain/google-genai')
  const model = new ChatGoogleGenerativeAI({
    model: GOOGLE_MODEL,
    apiKey,
    streaming: true,
    maxRetries: 0,
    ...(GOOGLE_BASE_URL !== undefined && { baseUrl: GOOGLE_BASE_URL }),
  })
  watchStreamEnd(model)
  return { name: 'Gemini', model }
}

interface GeminiClient {
  generateContentStream(...sent: unknown[]): Promise<{ readonly response: Promise<unknown> }>
}

/**
 * Google's client hands out a stream and a promise of the whole; LangChain reads the stream only. When a stream breaks
 * off, the promise that nobody looks at would end the process, so it is looked at here.
 */
function watchStreamEnd(model: BaseChatModel): void {
  const { client } = model as unknown as { client: GeminiClient }
  const begin = client.generateContentStream.bind(client)
  client.generateContentStream = async (...sent) => {
    const begun = await begin(...sent)
    begun.response.catch(() => undefined)
    return begun
  }
}
