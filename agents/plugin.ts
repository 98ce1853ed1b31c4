import { plugin } from '#core'
import definitionsDa from './definitions/locales/da.json' with { type: 'json' }
import definitionsEn from './definitions/locales/en.json' with { type: 'json' }
import { definitionOperations } from './definitions/operations.ts'
import { agentErrors } from './errors.ts'
import learningDa from './learning/locales/da.json' with { type: 'json' }
import learningEn from './learning/locales/en.json' with { type: 'json' }
import { learningOperations } from './learning/operations.ts'
import memoryDa from './memory/locales/da.json' with { type: 'json' }
import memoryEn from './memory/locales/en.json' with { type: 'json' }
import { memoryOperations } from './memory/operations.ts'
import modelsDa from './models/locales/da.json' with { type: 'json' }
import modelsEn from './models/locales/en.json' with { type: 'json' }
import { modelOperations } from './models/operations.ts'
import outsideDa from './outside/locales/da.json' with { type: 'json' }
import outsideEn from './outside/locales/en.json' with { type: 'json' }
import { outsideOperations } from './outside/operationsOf.ts'
import { serverOperations } from './outside/serverOperations.ts'
import { toolOperations } from './outside/toolOperations.ts'
import tracesDa from './traces/locales/da.json' with { type: 'json' }
import tracesEn from './traces/locales/en.json' with { type: 'json' }
import { traceOperations } from './traces/operations.ts'

/** What everybody has: their own memory, and a look at the company's agents and at what it wants remembered. */
const everybodys = ['memories:*', 'guidelines:read', 'agents:read']

/**
 * What can be done about the agents themselves: a domain like any other, which no company switches off. Each room's
 * operations and words are added here; importing it loads no LangChain.
 */
export const agentsPlugin = plugin({
  name: 'agents',
  version: '0.1.0',
  alwaysOn: true,
  access: {
    employee: [...everybodys, 'feedback:read', 'feedback:write', 'tools:read', 'tools:send'],
    readOnly: [...everybodys, 'tools:read'],
  },
  operations: [
    ...definitionOperations,
    ...learningOperations,
    ...memoryOperations,
    ...modelOperations,
    ...serverOperations,
    ...toolOperations,
    ...traceOperations,
  ],
  operationsOf: outsideOperations,
  errors: agentErrors.table,
  locales: {
    da: { ...definitionsDa, ...learningDa, ...memoryDa, ...modelsDa, ...outsideDa, ...tracesDa },
    en: { ...definitionsEn, ...learningEn, ...memoryEn, ...modelsEn, ...outsideEn, ...tracesEn },
  },
  migrations: new URL('./migrations/', import.meta.url),
})
