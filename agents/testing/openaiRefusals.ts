import type { VendorRefusal } from './vendorServer.ts'
import { openaiRefusal } from './openaiRules.ts'

/** What OpenAI, Azure, Ollama and vLLM really answer when they refuse, word for word but for names and keys. */
export const openaiRefusals = {
  wrongKey: openaiRefusal(401, 'Incorrect API key provided: sk-test************************-key. You can find your API key at https://platform.openai.com/account/api-keys.', { code: 'invalid_api_key' }), // prettier-ignore
  country: openaiRefusal(403, 'Country, region, or territory not supported', { code: 'unsupported_country_region_territory', type: 'request_forbidden' }), // prettier-ignore
  noModel: openaiRefusal(404, 'The model `gpt-nope` does not exist or you do not have access to it.', { code: 'model_not_found' }), // prettier-ignore
  tooLong: openaiRefusal(400, "This model's maximum context length is 128000 tokens. However, your messages resulted in 130112 tokens. Please reduce the length of the messages.", { param: 'messages', code: 'context_length_exceeded' }), // prettier-ignore
  badRequest: openaiRefusal(400, "Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported.", { param: 'temperature', code: 'unsupported_value' }), // prettier-ignore
  timeout: openaiRefusal(408, 'Request timed out.', { type: 'timeout' }),
  conflict: openaiRefusal(409, 'The request conflicts with the current state of the resource.', { type: 'conflict_error' }), // prettier-ignore
  rateLimit: {
    ...openaiRefusal(429, 'Rate limit reached for gpt-4o in organization org-test on tokens per min (TPM): Limit 30000, Used 29500, Requested 1200. Please try again in 1.4s. Visit https://platform.openai.com/account/rate-limits to learn more.', { type: 'tokens', code: 'rate_limit_exceeded' }), // prettier-ignore
    headers: { 'retry-after-ms': '40', 'retry-after': '1', 'x-ratelimit-remaining-tokens': '0' },
  },
  quota: openaiRefusal(429, 'You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.', { type: 'insufficient_quota', code: 'insufficient_quota' }), // prettier-ignore
  broken: openaiRefusal(500, 'The server had an error while processing your request. Sorry about that!', { type: 'server_error' }), // prettier-ignore
  overloaded: openaiRefusal(503, 'The engine is currently overloaded, please try again later', { type: 'overloaded_error' }), // prettier-ignore
  veryOverloaded: openaiRefusal(529, 'Overloaded', { type: 'overloaded_error' }),
  gateway: { status: 502, body: '<html><head><title>502 Bad Gateway</title></head></html>', headers: { 'Content-Type': 'text/html' } }, // prettier-ignore
  azureKey: plain(401, { error: { code: '401', message: 'Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.' } }), // prettier-ignore
  azureDeployment: plain(404, { error: { code: 'DeploymentNotFound', message: 'The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again.' } }), // prettier-ignore
  azureFilter: plain(400, { error: { message: "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. Please modify your prompt and retry.", type: null, param: 'prompt', code: 'content_filter', status: 400, innererror: { code: 'ResponsibleAIPolicyViolation', content_filter_result: { jailbreak: { filtered: true, detected: true } } } } }), // prettier-ignore
  azureLimit: { ...plain(429, { error: { code: '429', message: 'Requests to the ChatCompletions_Create Operation under Azure OpenAI API version 2024-10-21 have exceeded token rate limit of your current OpenAI S0 pricing tier. Please retry after 26 seconds.' } }), headers: { 'retry-after': '26' } }, // prettier-ignore
  ollamaModel: openaiRefusal(404, 'model "nope" not found, try pulling it first', { type: 'api_error' }),
  ollamaTools: openaiRefusal(400, 'registry.ollama.ai/library/gemma:2b does not support tools', { type: 'api_error' }), // prettier-ignore
  vllmModel: plain(404, { error: { message: 'The model `nope` does not exist.', type: 'NotFoundError', param: null, code: 404 } }), // prettier-ignore
  vllmTools: plain(400, { error: { message: '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set', type: 'BadRequestError', param: null, code: 400 } }), // prettier-ignore
} satisfies Record<string, VendorRefusal>

function plain(status: number, body: object): VendorRefusal {
  return { status, body: JSON.stringify(body) }
}
