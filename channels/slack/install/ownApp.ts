import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import { fail, getOperation, idOf, itemStatement, listOperation, operation, raw, resource, saying, sql, type ReadContext, type TenantVault } from '#core' // prettier-ignore
import { slackErrors } from '../errors.ts'
import { secretPlace } from './apps.ts'

const time = z.iso.datetime({ offset: true })

/** A Slack app of the company's own, as it is shown: of its secrets only that they are there. */
export const OwnApp = z.object({
  id: z.uuid(),
  name: z.string(),
  /** As Slack calls it. */
  appId: z.string(),
  clientId: z.string(),
  /** It is reached by a socket of ours (Socket Mode). */
  hasAppToken: z.boolean(),
  /** Workspaces that it is connected in. */
  workspaces: z.int(),
  version: z.int(),
  createdAt: time,
  updatedAt: time,
})
export type OwnApp = z.output<typeof OwnApp>

export const ownApps = resource({
  table: 'slack.apps',
  item: OwnApp,
  fields: {
    hasAppToken: raw('t.app_token IS NOT NULL'),
    workspaces: raw(
      '(SELECT count(*)::int FROM slack.workspaces k WHERE k.tenant_id = t.tenant_id AND k.own_app_id = t.id AND k.ended_at IS NULL)',
    ),
  },
  sorts: { name: { expression: raw('t.name COLLATE "da-x-icu"'), type: 'text' } },
  defaultSort: 'name',
})

export const ownAppId = idOf(ownApps)

export async function readOwnApp(query: ReadContext['query'], id: string): Promise<OwnApp> {
  const [row] = await query<{ json: string }>(itemStatement(ownApps, id))
  return row ? OwnApp.parse(JSON.parse(row.json)) : fail('not_found')
}

const notASecret = saying({
  da: 'hemmeligheden er ikke skrevet, som Slack viser den',
  en: 'the secret is not written as Slack shows it',
})
const secret = z
  .string()
  .trim()
  .max(300)
  .refine((value) => /^[\x21-\x7e]{8,}$/.test(value), notASecret)
  .meta({ secret: true, examples: ['not-a-secret-of-anybodys'] })
const appToken = z
  .string()
  .trim()
  .max(300)
  .refine((value) => /^xapp-[\w-]+$/.test(value), notASecret)
  .meta({ secret: true, examples: ['xapp-1-A0123456789-example'] })

const fields = {
  name: z.string().trim().min(1).max(80).meta({ kind: 'text' }),
  appId: z
    .string()
    .trim()
    .refine(
      (id) => /^A[A-Z0-9]{2,30}$/.test(id),
      saying({
        da: 'en apps id i Slack skrives som A0123456789',
        en: 'an app’s id in Slack reads like A0123456789',
      }),
    )
    .meta({ examples: ['A0123456789'] }),
  clientId: z
    .string()
    .trim()
    .refine(
      (id) => /^[\w.-]{1,100}$/.test(id),
      saying({
        da: 'et client id skrives som 1234567890.1234567890123',
        en: 'a client id reads like 1234567890.1234567890123',
      }),
    )
    .meta({ examples: ['1234567890.1234567890123'] }),
  clientSecret: secret,
  /** Of what Slack sends to our address; an app that is reached by a socket alone needs none. */
  signingSecret: secret.optional(),
  appToken: appToken.optional(),
}

const createApp = operation({
  name: 'slack.apps.create',
  summary: 'Add a Slack app of the company’s own by its ids and secrets, which are never shown again',
  effect: 'write',
  personOnly: true,
  input: z.object(fields),
  output: OwnApp,
  async run({ name, appId, clientId, ...secrets }, { tenant, query, vault }) {
    if (secrets.signingSecret === undefined && secrets.appToken === undefined) slackErrors.fail('app_unheard')
    const id = uuidv7()
    const sealed = await sealSecrets(vault, id, secrets)
    const [made] = await query(sql`
      INSERT INTO slack.apps (tenant_id, id, name, app_id, client_id, client_secret, signing_secret, app_token)
      VALUES (${tenant.id}, ${id}, ${name}, ${appId}, ${clientId}, ${sealed.clientSecret}, ${sealed.signingSecret}, ${sealed.appToken})
      ON CONFLICT DO NOTHING RETURNING id`)
    return made ? readOwnApp(query, id) : fail('already_exists', { what: appId })
  },
})

const updateApp = operation({
  name: 'slack.apps.update',
  summary: 'Change the name or the secrets of a Slack app of the company’s own',
  effect: 'write',
  personOnly: true,
  input: z.object({
    id: ownAppId,
    name: fields.name.optional(),
    clientId: fields.clientId.optional(),
    clientSecret: fields.clientSecret.optional(),
    signingSecret: fields.signingSecret,
    appToken: fields.appToken,
    version: z.int().optional(),
  }),
  output: OwnApp,
  async run({ id, version, name, clientId, ...secrets }, { tenant, query, vault }) {
    const before = await readOwnApp(query, id)
    if (version !== undefined && version !== before.version) fail('version_conflict')
    const sealed = await sealSecrets(vault, id, secrets)
    await query(sql`
      UPDATE slack.apps SET name = ${name ?? before.name}, client_id = ${clientId ?? before.clientId},
        client_secret = coalesce(${sealed.clientSecret}, client_secret),
        signing_secret = coalesce(${sealed.signingSecret}, signing_secret), app_token = coalesce(${sealed.appToken}, app_token)
      WHERE tenant_id = ${tenant.id} AND id = ${id}`)
    return readOwnApp(query, id)
  },
})

const deleteApp = operation({
  name: 'slack.apps.delete',
  summary: 'Remove a Slack app of the company’s own with its secrets',
  effect: 'destroy',
  personOnly: true,
  input: z.object({ id: ownAppId }),
  output: z.object({ id: z.uuid(), name: z.string() }),
  async run({ id }, { tenant, query }) {
    const { name, workspaces } = await readOwnApp(query, id)
    if (workspaces > 0) slackErrors.fail('app_in_use')
    await query(sql`DELETE FROM slack.workspaces WHERE tenant_id = ${tenant.id} AND own_app_id = ${id}`)
    await query(sql`DELETE FROM slack.apps WHERE tenant_id = ${tenant.id} AND id = ${id}`)
    return { id, name }
  },
})

interface Secrets {
  readonly clientSecret?: string | undefined
  readonly signingSecret?: string | undefined
  readonly appToken?: string | undefined
}

const columns = {
  clientSecret: 'client_secret',
  signingSecret: 'signing_secret',
  appToken: 'app_token',
} as const

/** Each sealed for its own column; null where none was given. */
async function sealSecrets(vault: TenantVault, id: string, given: Secrets) {
  const seal = async (name: keyof typeof columns): Promise<Buffer | null> => {
    const text = given[name]
    return text === undefined ? null : vault.seal(secretPlace(columns[name], id), text)
  }
  return {
    clientSecret: await seal('clientSecret'),
    signingSecret: await seal('signingSecret'),
    appToken: await seal('appToken'),
  }
}

export const appOperations = [
  listOperation(ownApps, {
    name: 'slack.apps.list',
    summary: 'List the company’s own Slack apps; never their secrets',
  }),
  getOperation(ownApps, {
    name: 'slack.apps.get',
    summary: 'Get one Slack app of the company’s own; never its secrets',
  }),
  createApp,
  updateApp,
  deleteApp,
]
