import { afterAll, beforeAll } from 'vitest'
import { describeOperation, invokeDriver, mcpDriver, registryOf, restDriver, twoTenants, type OperationWorld, type SurfaceDriver, type TwoTenants } from '#core/testing' // prettier-ignore
import { agentsPlugin } from '#agents'
import { slackPlugin } from '#channels/slack'
import { plugins as domains } from '#plugins'

const plugins = [agentsPlugin, slackPlugin, ...domains]

/** Every operation of every plugin, through every way in, from its definition alone. */
let world: TwoTenants
let rest: SurfaceDriver & { close(): Promise<void> }
let mcp: SurfaceDriver & { close(): Promise<void> }
let operations: OperationWorld

beforeAll(async () => {
  world = await twoTenants(plugins)
  rest = await restDriver(world.core)
  mcp = await mcpDriver(world.core)
  operations = {
    core: world.core,
    drivers: [invokeDriver(world.core), rest, mcp],
    ours: world.nordlys,
    theirs: world.fjord,
    admin: world.admin,
  }
})
afterAll(async () => {
  await mcp.close()
  await rest.close()
  await world.close()
})

for (const operation of registryOf(plugins).operations) describeOperation(operation, () => operations)
