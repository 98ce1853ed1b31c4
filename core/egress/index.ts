export { createEgress, type Destination, type Egress } from './egress.ts'
export { egressRules, readHosts } from './rules.ts'
