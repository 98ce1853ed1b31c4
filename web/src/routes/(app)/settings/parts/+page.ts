import { locale } from '#lib/messages/index.ts'
import { partsMessages } from '#lib/messages/parts/index.ts'

export const load = () => locale.ready(partsMessages)
