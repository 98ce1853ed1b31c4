import { startFakeSlack } from './index.ts'

/** Starts a Slack for development, until the process is told to stop. */
const port = Number(process.argv[2] ?? 3100)
const requestUrl = process.argv[3] ?? 'http://127.0.0.1:3000/slack/events'
const slack = await startFakeSlack({
  port,
  requestUrl,
  redirectUrls: [new URL('/slack/oauth_redirect', requestUrl).href],
  clientSecret: 'a-secret-of-the-fake-slack',
  signingSecret: 'another-secret-of-the-fake-slack',
})
slack.say('anna', 'general', 'Velkommen til Nordlys på Slack 👋')
slack.say('mikkel', 'kunder', 'Havneby Tandklinik vil have tilbuddet inden fredag.')
slack.say('karen', 'havneby-tandklinik', 'Hej! Hvornår kan I komme forbi?')
process.stdout.write(`
  A fake Slack is at ${slack.url}. Nothing leaves this machine.

  Start the product with these settings, and it meets this Slack instead of the real one:

${Object.entries(slack.settings).map(([name, value]) => `    ${name}=${value}`).join('\n')}

  Events, buttons, modals and commands go to ${requestUrl}
  Another address: npm run dev:slack -- <port> <request URL>
`) // prettier-ignore
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void slack.close())
