import { createCore, createLogger, openDatabase, readConfig, sql } from '#core'
import { WebClient } from '@slack/web-api'
import { callSlack, type ApiOf } from '../install/api.ts'
import type { Greeting } from '../people/greeting.ts'
import { slackPlugin } from '../plugin.ts'
import { createOutgoing } from './createOutgoing.ts'
import type { Place } from './outgoing.ts'

/** A process of its own that is ended from outside in the middle of what it does, just before or just after a call of Slack. */
const { url, secret, slackUrl, token, place, moment, method, doing, greeting } = JSON.parse(
  process.argv[2]!,
) as {
  url: string
  secret: string
  slackUrl: string
  token: string
  place: Place
  moment: 'before' | 'after'
  method: string
  doing: 'post' | 'answer' | 'greeting'
  greeting: Greeting
}

const client = new WebClient(token, { slackApiUrl: slackUrl, retryConfig: { retries: 0 } })
const stay = (): Promise<never> => {
  process.stdout.write(`${moment} ${method}\n`)
  return new Promise(() => undefined)
}
const api: ApiOf = () => ({
  call: async (name, args) => {
    if (name === method && moment === 'before') return stay()
    const answer = await callSlack(client, name, args)
    return name === method ? stay() : answer
  },
})

const core = createCore({
  config: readConfig({ LOG_LEVEL: 'silent', SLACK_API_URL: slackUrl }),
  database: openDatabase({ url }),
  secret: Buffer.from(secret, 'base64'),
  plugins: [slackPlugin],
  log: createLogger({ level: 'silent', format: 'json' }),
})
const out = createOutgoing({ core, api })
setInterval(() => undefined, 60_000)
if (doing === 'post') await out.post(place, { text: 'Vi har to kunder.' }, 'crash')
else if (doing === 'greeting') await out.greet(place, greeting, 'crash', sql`SELECT 1`)
else {
  const answer = await out.answer(place, 'crash')
  answer.text('Vi har ')
  if (method !== 'chat.startStream') await answer.finish('Vi har to kunder.')
}
