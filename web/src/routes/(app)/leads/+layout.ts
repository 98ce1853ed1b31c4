import { customersMessages } from '#lib/messages/customers/index.ts'
import { leadsMessages } from '#lib/messages/leads/index.ts'
import { locale } from '#lib/messages/index.ts'

export const load = () => locale.ready(leadsMessages, customersMessages)
