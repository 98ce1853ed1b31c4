import { BoundedMap, sql, type Core } from '#core'

/** A Slack app with what is needed to speak for it. */
export interface SlackApp {
  /** Ours, of a company's own; null is the installation's. */
  readonly ownApp: string | null
  /** The company whose own it is. */
  readonly tenant: string | null
  /** Slack's id, where we know it: the installation's settings do not say. */
  readonly appId: string | null
  readonly clientId: string
  readonly clientSecret: string
  readonly signingSecret: string | undefined
  readonly appToken: string | undefined
}

export interface Apps {
  /** The installation's for null; otherwise those that companies have brought with this id of Slack's: a signature says which. */
  find(appId: string | null): Promise<readonly SlackApp[]>
  /** Every app that is reached by a socket of ours. */
  withSockets(): Promise<SlackApp[]>
}

interface AppRow {
  readonly app_id: string
  readonly client_id: string
  readonly client_secret: Buffer
  readonly signing_secret: Buffer | null
  readonly app_token: Buffer | null
}

export const secretPlace = (column: 'client_secret' | 'signing_secret' | 'app_token', id: string) => ({
  table: 'slack.apps',
  column,
  id,
})

/** Milliseconds that an answer is remembered, also that there is none: anybody can ask for any app. */
const remembered = 10_000

export function createApps(core: Core): Apps {
  const { database, config } = core
  const memory = new BoundedMap<{ readonly until: number; readonly apps: readonly SlackApp[] }>(1_000)
  const own = async (appId: string): Promise<readonly SlackApp[]> => {
    const now = Date.now()
    const known = memory.get(appId)
    if (known && known.until > now) return known.apps
    const rows = await database.platformStatement<{ tenant: string; id: string }>(
      sql`SELECT * FROM slack.app_of(${appId})`,
    )
    const apps = await openAll(core, rows)
    memory.set(appId, { until: now + remembered, apps })
    return apps
  }
  return {
    find: async (appId) => {
      if (appId !== null) return own(appId)
      const app = sharedApp(config)
      return app ? [app] : []
    },
    withSockets: async () => {
      const rows = await database.platformStatement<{ tenant: string; id: string }>(
        sql`SELECT tenant, id FROM slack.socket_apps()`,
      )
      const all = [sharedApp(config), ...(await openAll(core, rows))]
      return all.filter((app) => app?.appToken !== undefined) as SlackApp[]
    },
  }
}

/** Apps of several companies: one whose secrets do not open keeps nobody else's from being heard. */
async function openAll(
  core: Core,
  named: readonly { readonly tenant: string; readonly id: string }[],
): Promise<SlackApp[]> {
  const opening = named.map(({ tenant, id }) =>
    openApp(core, tenant, id).catch((error: unknown) => {
      core.log.error({ err: error, app: id }, 'the secrets of a Slack app could not be opened')
      return undefined
    }),
  )
  return (await Promise.all(opening)).filter((app) => app !== undefined)
}

/** The app of a workspace or of an installation that was begun. */
export const appById = async (
  core: Core,
  tenant: string,
  ownApp: string | null,
): Promise<SlackApp | undefined> => (ownApp === null ? sharedApp(core.config) : openApp(core, tenant, ownApp))

type AppSettings = Pick<
  Core['config'],
  'SLACK_CLIENT_ID' | 'SLACK_CLIENT_SECRET' | 'SLACK_SIGNING_SECRET' | 'SLACK_APP_TOKEN'
>

/** The installation's own, where its settings name one. */
export function sharedApp(settings: AppSettings): SlackApp | undefined {
  const { SLACK_CLIENT_ID: clientId, SLACK_CLIENT_SECRET: clientSecret } = settings
  if (clientId === undefined || clientSecret === undefined) return undefined
  const { SLACK_SIGNING_SECRET: signingSecret, SLACK_APP_TOKEN: appToken } = settings
  return { ownApp: null, tenant: null, appId: null, clientId, clientSecret, signingSecret, appToken }
}

type Query = Parameters<Core['vault']['of']>[1]

async function openApp({ database, vault }: Core, tenant: string, id: string): Promise<SlackApp | undefined> {
  const query: Query = (statement) => database.read(tenant, statement)
  return readApp(query, vault.of(tenant, query), tenant, id)
}

/** A company's own app with its secrets, as its own transaction sees it. */
export async function readApp(
  query: (statement: ReturnType<typeof sql>) => Promise<object[]>,
  vault: Pick<ReturnType<Core['vault']['of']>, 'open'>,
  tenant: string,
  id: string,
): Promise<SlackApp | undefined> {
  const [row] = (await query(sql`
    SELECT app_id, client_id, client_secret, signing_secret, app_token FROM slack.apps
    WHERE tenant_id = ${tenant} AND id = ${id}`)) as AppRow[]
  if (!row) return undefined
  const opened = async (
    column: 'client_secret' | 'signing_secret' | 'app_token',
  ): Promise<string | undefined> => {
    const sealed = row[column]
    return sealed === null ? undefined : vault.open(secretPlace(column, id), sealed)
  }
  return {
    ownApp: id,
    tenant,
    appId: row.app_id,
    clientId: row.client_id,
    clientSecret: (await opened('client_secret'))!,
    signingSecret: await opened('signing_secret'),
    appToken: await opened('app_token'),
  }
}
