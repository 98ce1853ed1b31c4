export { createVault, type Place, type TenantVault, type Vault } from './vault.ts'
export { rewrapDataKeys } from './rewrap.ts'
export { wrappingKeys } from './wrappingKeys.ts'
export { vaultLocales, vaultOperations } from './operations.ts'
