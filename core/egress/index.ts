export { createEgress, type Destination, type Egress } from './egress.ts'
export { smooth } from './together.ts'
export { egressRules, readHosts } from './rules.ts'
