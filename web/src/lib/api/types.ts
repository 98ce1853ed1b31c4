/** What the server sends and takes, as documented at /api/v1/openapi.json. Times are ISO 8601, money is minor units. */

export * from './types/agents.ts'
export * from './types/automations.ts'
export * from './types/conversations.ts'
export * from './types/customers.ts'
export * from './types/jobs.ts'
export * from './types/platform.ts'
export * from './types/usage.ts'
