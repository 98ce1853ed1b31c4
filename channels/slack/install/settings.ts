import type { Config } from '#core'

/** What the operations know of the installation's settings; without them a company brings an app of its own. */
export type SlackSettings = Partial<
  Pick<
    Config,
    | 'SLACK_CLIENT_ID'
    | 'SLACK_CLIENT_SECRET'
    | 'SLACK_SIGNING_SECRET'
    | 'SLACK_APP_TOKEN'
    | 'SLACK_API_URL'
    | 'PUBLIC_URL'
    | 'HOST'
  >
>
