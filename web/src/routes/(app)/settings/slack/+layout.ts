import { locale } from '#lib/messages/index.ts'
import { slackMessages } from '#lib/messages/slack/index.ts'

export const load = () => locale.ready(slackMessages)
