import { customersMessages } from '#lib/messages/customers/index.ts'
import { locale } from '#lib/messages/index.ts'

export const load = () => locale.ready(customersMessages)
