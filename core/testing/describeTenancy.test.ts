import { describe } from 'vitest'
import { describeTenancy } from './describeTenancy.ts'
import { shelf } from './shelf/shelf.ts'

describe('two tenants of the smallest domain on one pool', () => {
  describeTenancy([shelf], shelf.operations, { numRuns: 30, steps: 30 })
})
