import type { BindToolsInput } from '@langchain/core/language_models/chat_models'
import type { ChatGenerationChunk } from '@langchain/core/outputs'
import { convertToOpenAITool } from '@langchain/core/utils/function_calling'
import { AzureChatOpenAI, ChatOpenAI } from '@langchain/openai'
import { oncePer, type Core } from '#core'
import { usualAzureVersion, type ModelChoice } from './choice.ts'
import { mostOutput } from './estimate.ts'
import { tellingEarly, type Early } from './earlyWords.ts'
import { noKey } from './keyedFetch.ts'
import { openaiFault } from './openaiFault.ts'
import type { VendorClient } from './vendorModel.ts'

type GiveWay = Core['precedence']['giveWay']

/**
 * OpenAI's chat completions, and whatever speaks them; LangChain turns to the Responses API by itself for the models
 * that know nothing else. Everything that the client would read from the environment is said here.
 */
export function openaiClient(
  { model, baseUrl }: ModelChoice,
  go: typeof fetch,
  giveWay?: GiveWay,
): VendorClient {
  const fetch = tellingEarly(go, giveWay)
  const configuration = { baseURL: baseUrl, fetch, organization: null, project: null }
  return clientOf(
    new ChatOpenAI({ model, apiKey: noKey, maxTokens: mostOutput, maxRetries: 0, configuration }),
  )
}

/** Azure's path names the deployment, and its query the version of the API. */
export function azureClient(
  { model, baseUrl, apiVersion = usualAzureVersion }: ModelChoice,
  go: typeof fetch,
  giveWay?: GiveWay,
): VendorClient {
  const chat = new AzureChatOpenAI({
    model,
    azureOpenAIApiKey: noKey,
    azureOpenAIEndpoint: baseUrl.replace(/\/+$/, ''),
    azureOpenAIApiDeploymentName: model,
    maxTokens: mostOutput,
    azureOpenAIApiVersion: apiVersion,
    maxRetries: 0,
    configuration: { fetch: tellingEarly(go, giveWay), organization: null, project: null },
  })
  return clientOf(chat)
}

const clientOf = (chat: ChatOpenAI): VendorClient => ({
  chat,
  faultOf: openaiFault,
  endingOf,
  offering,
  telling: (early: Early) => ({ fetchOptions: { early } }),
})

/** Tools in OpenAI's words, as `bindTools` puts them, which makes another client for every list; each serves many turns. */
export const offering = (tools: BindToolsInput[]) => ({ tools: tools.map(describedTool) })

const describedTool = oncePer((tool: BindToolsInput) => convertToOpenAITool(tool))

/** Chat completions say it in the last choice, the Responses API in the status of the whole. */
function endingOf({ generationInfo, message }: ChatGenerationChunk): string | undefined {
  const ending: unknown = generationInfo?.['finish_reason'] ?? message.response_metadata['status']
  return typeof ending === 'string' ? ending : undefined
}
