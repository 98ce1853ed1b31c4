import { entranceMessages } from '#lib/messages/entrance/index.ts'
import { locale } from '#lib/messages/index.ts'

export const load = () => locale.ready(entranceMessages)
