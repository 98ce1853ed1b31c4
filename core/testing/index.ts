export { cableTo, type Cable } from './cable.ts'
export { catalogRules, lintCatalog, type CatalogFinding } from './catalogLint.ts'
export { collectGarbage } from './collectGarbage.ts'
export {
  describeChannel,
  type ChannelAnswer,
  type ChannelDriver,
  type ChannelSend,
} from './describeChannel.ts'
export { testCore, type TestCore } from './core.ts'
export { migrationsOf, testDatabase, type TestDatabase } from './database.ts'
export { describeOperation, type OperationWorld, type TenantSide } from './describeOperation.ts'
export { describeTenancy } from './describeTenancy.ts'
export { freePort } from './freePort.ts'
export { mcpDriver } from './mcpDriver.ts'
export { redisProgram, startRedis, type RedisServer } from './redisServer.ts'
export { sampleInput, type FindId } from './sample.ts'
export { mill } from './mill/mill.ts'
export { shelf } from './shelf/shelf.ts'
export { testServer } from './server.ts'
export { invokeDriver, restDriver, type Answer, type SurfaceDriver } from './surfaceDriver.ts'
export { registryOf, testPassword, twoTenants, type TwoTenants } from './twoTenants.ts'
export { domainWorld, type DomainWorld } from './domainWorld.ts'
