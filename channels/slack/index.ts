export { slackDomain, slackPlugin } from './plugin.ts'
export { registerSlack, type Slack, type SlackRegistration } from './register.ts'
