import { inputSchema, outputSchema, type Registry } from '#core'
import type { OperationCard } from './models/offline/index.ts'

/** What the offline model is trained on: every operation of the platform, with its words in both languages. */
export function operationCards(registry: Registry): OperationCard[] {
  return registry.operations.map((operation) => ({
    name: operation.name,
    effect: operation.effect as OperationCard['effect'],
    input: inputSchema(operation),
    output: outputSchema(operation),
    words: { da: registry.words(operation, 'da'), en: registry.words(operation, 'en') },
  }))
}
