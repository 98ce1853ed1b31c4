import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll } from 'vitest'
import { testCore, type TestCore } from './core.ts'
import { describeOperation, type OperationWorld, type TenantSide } from './describeOperation.ts'
import { listBooks, shelf } from './shelf/shelf.ts'
import { invokeDriver, restDriver, type SurfaceDriver } from './surfaceDriver.ts'

let world: TestCore
let rest: SurfaceDriver & { close(): Promise<void> }
let operations: OperationWorld

beforeAll(async () => {
  world = await testCore([shelf])
  rest = await restDriver(world.core)
  operations = {
    core: world.core,
    drivers: [invokeDriver(world.core), rest],
    ours: await side(),
    theirs: await side(),
    admin: world.admin,
  }
})
afterAll(async () => {
  await rest.close()
  await world.close()
})

async function side(): Promise<TenantSide> {
  const caller = world.callerOf(randomUUID())
  for (const title of ['Gertrude', 'Sofie', 'Marie']) {
    await world.core.invoke(shelf.operations[2]!, { title }, caller)
  }
  const findId = async () => {
    const { items } = (await world.core.invoke(listBooks, { limit: 1 }, caller)).value
    return items[0]?.id
  }
  return { caller, findId }
}

for (const operation of shelf.operations.filter(({ verb }) => verb !== 'break')) {
  describeOperation(operation, () => operations)
}
