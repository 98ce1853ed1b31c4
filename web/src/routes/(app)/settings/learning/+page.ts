import { chatMessages } from '#lib/messages/chat/index.ts'
import { locale } from '#lib/messages/index.ts'

export const load = () => locale.ready(chatMessages)
