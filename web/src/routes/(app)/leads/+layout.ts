import { leadsMessages } from '#lib/messages/leads/index.ts'
import { locale } from '#lib/messages/index.ts'

export const load = () => locale.ready(leadsMessages)
