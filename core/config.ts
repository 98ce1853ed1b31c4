import { z } from 'zod'
import { readHosts } from './egress/rules.ts'

/** A setting that cannot be used, with the sentence that says which and what it takes. */
export class ConfigFault extends Error {
  override name = 'ConfigFault'
}

const port = z.coerce.number().int().min(0).max(65_535)
const webUrl = z.url({ protocol: /^https?$/ })
const databaseUrl = z.url({ protocol: /^postgres(ql)?$/ })
const redisUrl = z.url({ protocol: /^rediss?$/ })
const text = z.string().min(1)
const origins = text.refine((value) => listOf(value).every(isOrigin))
const hosts = text.refine((value) => readHosts(value) !== undefined)
const slackSecret = z.string().regex(/^[\x21-\x7e]{8,200}$/)
/** 32 bytes are 43 characters of base64 and one of padding. */
const vaultKey = z.string().regex(/^[A-Za-z0-9+/]{43}=$/)

/** Every setting, with what it takes. The names are the public face; `.env.example` lists them with a line each. */
const settings = {
  PORT: [port.default(3000), 'a port number between 0 and 65535'],
  HOST: [text.default('127.0.0.1'), 'an address to listen on, such as 127.0.0.1 or 0.0.0.0'],
  PUBLIC_URL: [webUrl.optional(), 'the address that people use, such as https://tekup.example'],
  DATA_DIR: [text.default('.data'), 'a folder that can be written to'],
  DATABASE_URL: [databaseUrl.optional(), 'an address like postgres://user:password@host:5432/database'],
  REDIS_URL: [redisUrl.optional(), 'an address like redis://host:6379'],
  ROLE: [z.enum(['all', 'api', 'worker']).default('all'), 'all, api or worker'],
  DRAIN_SECONDS: [
    z.coerce.number().int().min(0).max(600).default(0),
    'a whole number of seconds, at most 600',
  ],
  DEMO_PASSWORD: [z.string().min(10).max(200).optional(), 'a password of 10 to 200 characters'],
  LOG_LEVEL: [z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'), 'fatal, error, warn, info, debug, trace or silent'], // prettier-ignore
  RATE_LIMIT_PER_MINUTE: [z.coerce.number().int().min(1).default(600), 'a whole number of calls, at least 1'],
  TRUST_PROXY: [z.enum(['true', 'false']).default('false'), 'true or false'],
  CORS_ORIGINS: [origins.optional(), 'addresses with commas between, such as https://app.example'],
  OPENAI_API_KEY: [text.optional(), 'a key'],
  OPENAI_BASE_URL: [webUrl.optional(), 'an address like https://host/v1'],
  OPENAI_MODEL: [text.optional(), 'the name of a model'],
  GOOGLE_API_KEY: [text.optional(), 'a key'],
  GOOGLE_BASE_URL: [webUrl.optional(), 'an address like https://host'],
  GOOGLE_MODEL: [text.optional(), 'the name of a model'],
  EGRESS_ALLOW: [hosts.optional(), 'hosts with commas between, such as localhost:11434, ollama.internal'],
  EGRESS_ONLY: [z.enum(['true', 'false']).default('false'), 'true or false'],
  SLACK_CLIENT_ID: [
    z
      .string()
      .regex(/^[\w.-]{1,100}$/)
      .optional(),
    'the client id of a Slack app, such as 1234567890.1234567890123',
  ],
  SLACK_CLIENT_SECRET: [slackSecret.optional(), 'the client secret of a Slack app'],
  SLACK_SIGNING_SECRET: [slackSecret.optional(), 'the signing secret of a Slack app'],
  SLACK_APP_TOKEN: [
    z
      .string()
      .regex(/^xapp-[\w-]+$/)
      .optional(),
    'an app-level token of Slack, which begins with xapp-',
  ],
  SLACK_API_URL: [webUrl.optional(), 'an address like https://slack.com/api/'],
  OTEL_EXPORTER_OTLP_ENDPOINT: [webUrl.optional(), 'an address like http://host:4318'],
  OTEL_SERVICE_NAME: [text.default('tekup'), 'a name'],
  VAULT_KEY: [
    vaultKey.optional(),
    'a key of 32 random bytes in base64, as `openssl rand -base64 32` prints one',
  ],
  VAULT_KEY_OLD: [vaultKey.optional(), 'the VAULT_KEY of before, in base64'],
} as const satisfies Record<string, readonly [z.ZodType, string]>

/** The parts of a setting that holds several, with commas between. */
export const listOf = (value: string): string[] => value.split(',').map((part) => part.trim())

/** As browsers send it (RFC 6454): a trailing slash or a path would never match. */
const isOrigin = (value: string): boolean => URL.canParse(value) && new URL(value).origin === value

type Settings = typeof settings
export type Config = { readonly [Name in keyof Settings]: z.output<Settings[Name][0]> }
export type Environment = Readonly<Record<string, string | undefined>>

export const settingNames = Object.keys(settings)

/** Reads the environment once; throws a `ConfigFault` with one sentence per setting that is wrong. */
export function readConfig(environment: Environment = process.env): Config {
  const faults: string[] = []
  const entries = Object.entries(settings).map(([name, [schema, expected]]) => {
    const given = environment[name]
    const result = schema.safeParse(given === '' ? undefined : given)
    if (!result.success) faults.push(`${name} must be ${expected}.`)
    return [name, result.data]
  })
  const config = Object.fromEntries(entries) as Config
  if (faults.length === 0) faults.push(...faultsBetween(config))
  if (faults.length > 0) throw new ConfigFault(faults.join('\n'))
  return config
}

/** Settings of one thing that say nothing without each other. */
function faultsBetween(config: Config): string[] {
  const { SLACK_CLIENT_ID: id, SLACK_CLIENT_SECRET: secret, SLACK_SIGNING_SECRET, SLACK_APP_TOKEN } = config
  const isReached = SLACK_SIGNING_SECRET !== undefined || SLACK_APP_TOKEN !== undefined
  const faults: string[] = []
  if (id !== undefined && secret === undefined)
    faults.push('SLACK_CLIENT_SECRET must be set too where SLACK_CLIENT_ID is.')
  if (id === undefined && (secret !== undefined || isReached))
    faults.push('SLACK_CLIENT_ID must be set too where other settings of a Slack app are.')
  if (id !== undefined && !isReached)
    faults.push(
      'SLACK_SIGNING_SECRET, or SLACK_APP_TOKEN for Socket Mode, must be set where SLACK_CLIENT_ID is.',
    )
  return faults
}
