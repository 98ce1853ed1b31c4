import { platformDomain } from '../operations/domain.ts'
import type { AnyOperation } from '../operations/operation.ts'
import type { Registry } from '../operations/registry.ts'

/** Who decides: the person it is asked for alone, or also whoever may do the same. */
export type Deciders = 'asker' | 'permitted'

/** Business is decided by whoever may do it; what is a person's own, in the domains that are always on, by them alone. */
export const decidersOf = ({ domain }: AnyOperation, { plugins }: Registry): Deciders =>
  domain === platformDomain || plugins.find(({ name }) => name === domain)?.alwaysOn ? 'asker' : 'permitted'
