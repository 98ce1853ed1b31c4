export { slackPlugin } from './plugin.ts'
export { registerSlack, type SlackRegistration } from './register.ts'
