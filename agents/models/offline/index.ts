export { trainOffline, type OfflineBrain } from './brain.ts'
export { type JsonSchema, type OperationCard } from './card.ts'
export { OfflineChatModel, type OfflineChatModelFields } from './model.ts'
export type { Words } from '#core'
