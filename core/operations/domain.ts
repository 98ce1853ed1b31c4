import type { AnyOperation } from './operation.ts'

/** The core's own domain; no company switches it off. */
export const platformDomain = 'platform'

/** The domain whose being switched on decides: the plugin that brings an operation, else the operation's own. */
export const homeOf = ({ domain, brought }: AnyOperation): string => brought?.by ?? domain

/** Whether a company with these domains has it; elsewhere it is as if it never was. */
export const isOn = (
  operation: AnyOperation,
  { domains }: { readonly domains: ReadonlySet<string> },
): boolean => homeOf(operation) === platformDomain || domains.has(homeOf(operation))
