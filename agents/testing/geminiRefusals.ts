import { geminiRefusal } from './geminiRules.ts'
import type { VendorRefusal } from './vendorServer.ts'

const info = (reason: string) => ({ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'googleapis.com', metadata: { service: 'generativelanguage.googleapis.com' } }) // prettier-ignore
const said = (message: string) => ({ '@type': 'type.googleapis.com/google.rpc.LocalizedMessage', locale: 'en-US', message }) // prettier-ignore
const retryIn = (retryDelay: string) => ({ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay })
const limit = (quotaId: string) => ({
  '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
  violations: [{ quotaMetric: 'generativelanguage.googleapis.com/generate_content_free_tier_requests', quotaId, quotaDimensions: { location: 'global', model: 'gemini-test' }, quotaValue: '10' }], // prettier-ignore
})
const help = { '@type': 'type.googleapis.com/google.rpc.Help', links: [{ description: 'Learn more about Gemini API quotas', url: 'https://ai.google.dev/gemini-api/docs/rate-limits' }] } // prettier-ignore
const usedUp = 'You exceeded your current quota, please check your plan and billing details. For more information on this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits.' // prettier-ignore

/** What Gemini really answers when it refuses, word for word but for names. */
export const geminiRefusals = {
  wrongKey: geminiRefusal(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.', [
    info('API_KEY_INVALID'),
    said('API key not valid. Please pass a valid API key.'),
  ]),
  noKey: geminiRefusal(403, 'PERMISSION_DENIED', "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API."), // prettier-ignore
  country: geminiRefusal(400, 'FAILED_PRECONDITION', 'User location is not supported for the API use.'),
  noModel: geminiRefusal(404, 'NOT_FOUND', 'models/gemini-nope is not found for API version v1beta, or is not supported for generateContent. Call ListModels to see the list of available models and their supported methods.'), // prettier-ignore
  badRequest: geminiRefusal(400, 'INVALID_ARGUMENT', 'Request contains an invalid argument.'),
  tooLong: geminiRefusal(400, 'INVALID_ARGUMENT', 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).'), // prettier-ignore
  perMinute: geminiRefusal(429, 'RESOURCE_EXHAUSTED', usedUp, [limit('GenerateRequestsPerMinutePerProjectPerModel-FreeTier'), help, retryIn('0.05s')]), // prettier-ignore
  perMinuteLong: geminiRefusal(429, 'RESOURCE_EXHAUSTED', usedUp, [limit('GenerateRequestsPerMinutePerProjectPerModel-FreeTier'), help, retryIn('34s')]), // prettier-ignore
  perDay: geminiRefusal(429, 'RESOURCE_EXHAUSTED', usedUp, [limit('GenerateRequestsPerDayPerProjectPerModel-FreeTier'), help, retryIn('12s')]), // prettier-ignore
  broken: geminiRefusal(500, 'INTERNAL', 'An internal error has occurred. Please retry or report in https://developers.generativeai.google/guide/troubleshooting'), // prettier-ignore
  overloaded: geminiRefusal(503, 'UNAVAILABLE', 'The model is overloaded. Please try again later.'),
  deadline: geminiRefusal(504, 'DEADLINE_EXCEEDED', 'The request timed out. Please try again.'),
} satisfies Record<string, VendorRefusal>
