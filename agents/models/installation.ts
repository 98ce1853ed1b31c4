import type { Config } from '#core'
import { usualAddress, type ModelChoice } from './choice.ts'

type ModelConfig = Pick<
  Config,
  | 'OPENAI_API_KEY'
  | 'OPENAI_BASE_URL'
  | 'OPENAI_MODEL'
  | 'GOOGLE_API_KEY'
  | 'GOOGLE_BASE_URL'
  | 'GOOGLE_MODEL'
>

/** The models that the operator's settings name, for companies that have chosen none: OpenAI or what speaks its API, then Gemini. */
export function installationChoices(config: ModelConfig): ModelChoice[] {
  return [openai(config), google(config)].filter((choice) => choice !== undefined)
}

/** A server of one's own often wants no key. */
function openai({
  OPENAI_API_KEY,
  OPENAI_BASE_URL,
  OPENAI_MODEL = 'gpt-5-mini',
}: ModelConfig): ModelChoice | undefined {
  if (OPENAI_API_KEY === undefined && OPENAI_BASE_URL === undefined) return undefined
  return {
    id: 'installation-openai',
    name: 'OpenAI',
    vendor: 'openai',
    model: OPENAI_MODEL,
    baseUrl: OPENAI_BASE_URL ?? usualAddress.openai,
    ofInstallation: true,
    ...(OPENAI_API_KEY !== undefined && { apiKey: OPENAI_API_KEY }),
  }
}

function google({
  GOOGLE_API_KEY,
  GOOGLE_BASE_URL,
  GOOGLE_MODEL = 'gemini-flash-latest',
}: ModelConfig): ModelChoice | undefined {
  if (GOOGLE_API_KEY === undefined) return undefined
  return {
    id: 'installation-google',
    name: 'Gemini',
    vendor: 'google',
    model: GOOGLE_MODEL,
    baseUrl: GOOGLE_BASE_URL ?? usualAddress.google,
    ofInstallation: true,
    apiKey: GOOGLE_API_KEY,
  }
}
