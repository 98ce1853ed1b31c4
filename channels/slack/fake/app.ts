import type { Ids } from './ids.ts'
import { agentManifest, faultsOfManifest, type Manifest } from './manifest.ts'

/** The one app that this Slack knows, as its developer registered it. */
export interface App {
  readonly id: string
  readonly manifest: Manifest
  readonly clientId: string
  readonly clientSecret: string
  readonly signingSecret: string
  /** Opens sockets: `xapp-…`, with the scope connections:write. */
  readonly appToken: string
  /** Sold to many companies outside Slack's marketplace: history is one request a minute and 15 messages. */
  readonly isCommercial: boolean
  redirectUrls: readonly string[]
  /** Where events, interactions, options and commands are sent; nowhere while it is not set. */
  requestUrl: string | undefined
  usesSocketMode: boolean
}

export interface AppOptions {
  readonly manifest?: Manifest
  readonly clientId?: string
  readonly clientSecret?: string
  readonly signingSecret?: string
  readonly redirectUrls?: readonly string[]
  readonly requestUrl?: string
  readonly socketMode?: boolean
  readonly isCommercial?: boolean
}

/** @throws Error with every line of what Slack would refuse in the manifest. */
export function registerApp(ids: Ids, options: AppOptions): App {
  const manifest = options.manifest ?? agentManifest
  const faults = faultsOfManifest(manifest)
  if (faults.length > 0) throw new Error(`Slack would refuse this manifest:\n${faults.join('\n')}`)
  const id = ids.next('A')
  return {
    id,
    manifest,
    clientId: options.clientId ?? '1458026.2668104',
    clientSecret: options.clientSecret ?? ids.secret('client'),
    signingSecret: options.signingSecret ?? ids.secret('signing'),
    appToken: `xapp-1-${id}-${ids.secret('app')}`,
    isCommercial: options.isCommercial ?? false,
    redirectUrls: options.redirectUrls ?? manifest.oauth_config?.redirect_urls ?? [],
    requestUrl: options.requestUrl,
    usesSocketMode: options.socketMode ?? manifest.settings?.socket_mode_enabled ?? false,
  }
}

export const isAgent = ({ manifest }: App): boolean => manifest.features?.agent_view !== undefined

export const rotatesTokens = ({ manifest }: App): boolean =>
  manifest.settings?.token_rotation_enabled === true

export const hears = ({ manifest }: App, event: string): boolean =>
  manifest.settings?.event_subscriptions?.bot_events?.includes(event) === true
