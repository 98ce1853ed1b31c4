import { automationsMessages } from '#lib/messages/automations/index.ts'
import { locale } from '#lib/messages/index.ts'

export const load = () => locale.ready(automationsMessages)
