import type { Config, Destination } from '#core'

interface SlackAddress {
  /** Where the methods are: ends with a slash. */
  readonly url: URL
  readonly destination: Destination
}

const usual = 'https://slack.com/api/'

/** Slack itself, or what the operator has put in its place; that may be private, for the operator named it. */
export function slackAddress({ SLACK_API_URL: given }: Pick<Config, 'SLACK_API_URL'>): SlackAddress {
  const url = new URL(given ?? usual)
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  return {
    url,
    destination: { hosts: [url.hostname], ...(given !== undefined && { namedByOperator: true }) },
  }
}

/** Whether a socket is Slack's own, or of what the operator has put in its place; what people write goes to nobody else. */
export function isSlackSocket(address: unknown, config: Pick<Config, 'SLACK_API_URL'>): boolean {
  if (typeof address !== 'string' || !URL.canParse(address)) return false
  const { protocol, hostname } = new URL(address)
  const isOf = (host: string): boolean => hostname === host || hostname.endsWith(`.${host}`)
  if (protocol === 'wss:' && isOf('slack.com')) return true
  const { url: methods, destination } = slackAddress(config)
  return destination.namedByOperator === true && isOf(methods.hostname) && /^wss?:$/.test(protocol)
}

/** The page that asks an admin for permission stands beside the methods. */
export function authorizePage(config: Pick<Config, 'SLACK_API_URL'>): URL {
  return new URL('/oauth/v2/authorize', slackAddress(config).url)
}
