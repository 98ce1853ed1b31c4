import { leadSettingsMessages } from '#lib/messages/leadSettings/index.ts'
import { locale } from '#lib/messages/index.ts'

export const load = () => locale.ready(leadSettingsMessages)
