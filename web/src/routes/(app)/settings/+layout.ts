import { locale } from '#lib/messages/index.ts'
import { settingsMessages } from '#lib/messages/settings/index.ts'

export const load = () => locale.ready(settingsMessages)
