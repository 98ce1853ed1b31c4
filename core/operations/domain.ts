import type { AnyOperation } from './operation.ts'

/** The core's own domain; no company switches it off. */
export const platformDomain = 'platform'

/** The domain whose being switched on decides: the plugin that brings an operation, else the operation's own. */
export const homeOf = ({ domain, brought }: AnyOperation): string => brought?.by ?? domain

interface Switched {
  readonly domains: ReadonlySet<string>
}

export const isDomainOn = (domain: string, { domains }: Switched): boolean =>
  domain === platformDomain || domains.has(domain)

/** Whether a company with these domains has it; elsewhere it is as if it never was. */
export const isOn = (operation: AnyOperation, switched: Switched): boolean =>
  isDomainOn(homeOf(operation), switched)
