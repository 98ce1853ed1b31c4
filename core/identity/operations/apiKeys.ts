import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import { raw, sql } from '../../database/sql.ts'
import { saying } from '../../language.ts'
import { fail } from '../../errors.ts'
import type { WriteContext } from '../../operations/context.ts'
import { operation, type AnyOperation } from '../../operations/operation.ts'
import type { Registry } from '../../operations/registry.ts'
import { listOperation } from '../../resources/reads.ts'
import { itemStatement, resource } from '../../resources/resource.ts'
import type { AccessChanges } from '../accessChanges.ts'
import { hashApiKey, makeApiKey } from '../apiKey.ts'
import { permissionPattern, permissionsMatching } from '../permissions.ts'
import { permissionsOf } from '../roles.ts'
import { actingPerson, roleOfActor } from './actor.ts'

const ApiKey = z.object({
  id: z.uuid(),
  name: z.string(),
  scopes: z.array(z.string()),
  personId: z.uuid(),
  expiresAt: z.iso.datetime({ offset: true }).nullable(),
  lastUsedAt: z.iso.datetime({ offset: true }).nullable(),
  revokedAt: z.iso.datetime({ offset: true }).nullable(),
  createdAt: z.iso.datetime({ offset: true }),
  version: z.int(),
})

const Scope = z
  .string()
  .max(200)
  .refine(
    (scope) => permissionPattern.test(scope),
    saying({
      da: 'en adgang skrives som crm.contacts:read eller crm.*:write',
      en: 'a scope reads like crm.contacts:read or crm.*:write',
    }),
  )
  .meta({ examples: ['platform.people:read'] })

const apiKeys = resource({
  table: 'platform.api_key_list',
  item: ApiKey,
  sorts: {
    name: { expression: raw('t.name'), type: 'text' },
    createdAt: { expression: raw('t.created_at'), type: 'timestamptz' },
  },
  defaultSort: '-createdAt',
})

const listApiKeys = listOperation(apiKeys, {
  name: 'platform.apiKeys.list',
  summary: 'List the API keys of the company; never the keys themselves',
})

interface ApiKeyParts {
  readonly registry: () => Registry
  readonly pepper: Buffer
  readonly changes: AccessChanges
}

export function apiKeyOperations({ registry, pepper, changes }: ApiKeyParts): AnyOperation[] {
  /** A key lets a program in from outside, so an agent asks first. */
  const createApiKey = operation({
    name: 'platform.apiKeys.create',
    summary: 'Make an API key with scopes such as crm.*:read; answers the key, once',
    effect: 'send',
    input: z.strictObject({
      name: z.string().trim().min(1).max(100).meta({ kind: 'text' }),
      /** The way in that the key opens. */
      scopes: z.array(Scope).min(1).max(50).meta({ sink: 'channel' }),
      expiresAt: z.iso.datetime({ offset: true }).optional().meta({ tense: 'future' }),
    }),
    output: ApiKey.extend({ key: z.string().meta({ secret: true }) }),
    async run({ name, scopes, expiresAt }, context) {
      await requireScopes(context, registry(), scopes)
      const now = context.clock.now()
      if (expiresAt !== undefined && new Date(expiresAt) <= now)
        fail('invalid_input', { problem: past, issues: [] })
      const key = makeApiKey(uuidv7())
      await context.query(sql`
        INSERT INTO platform.api_keys (tenant_id, id, person_id, name, scopes, secret_hash, expires_at, created_at, updated_at)
        VALUES (${context.tenant.id}, ${key.id}, ${actingPerson(context)}, ${name}, ${scopes}, ${hashApiKey(pepper, key)},
          ${expiresAt ?? null}, ${now}, ${now})`)
      return { ...(await apiKeyById(context, key.id)), key: key.text }
    },
  })
  const deleteApiKey = operation({
    name: 'platform.apiKeys.delete',
    summary: 'Revoke an API key, at once and for good',
    effect: 'destroy',
    input: z.strictObject({ id: z.uuid().meta({ refers: 'platform.apiKeys' }) }),
    output: z.object({ id: z.uuid(), name: z.string() }),
    async run({ id }, context) {
      const { name } = await apiKeyById(context, id)
      changes.announce(id)
      await context.query(sql`UPDATE platform.api_keys SET revoked_at = coalesce(revoked_at, ${context.clock.now()})
        WHERE tenant_id = ${context.tenant.id} AND id = ${id}`)
      return { id, name }
    },
  })
  return [listApiKeys, createApiKey, deleteApiKey]
}

/** Nobody hands out what they do not have, and a key makes no keys: it could make one with more than itself. */
async function requireScopes(
  context: WriteContext,
  registry: Registry,
  scopes: readonly string[],
): Promise<void> {
  const role = context.actor.kind === 'key' ? undefined : await roleOfActor(context)
  if (!role) fail('forbidden', { permission: 'platform.apiKeys:send' })
  const own = permissionsOf(role, registry)
  for (const scope of scopes) {
    const matched = [...permissionsMatching([scope], registry.operations)]
    if (!matched.some((permission) => own.has(permission))) fail('forbidden', { permission: scope })
  }
}

async function apiKeyById(context: WriteContext, id: string): Promise<z.output<typeof ApiKey>> {
  const [row] = await context.query<{ json: string }>(itemStatement(apiKeys, id))
  return row ? ApiKey.parse(JSON.parse(row.json)) : fail('not_found')
}

const past = {
  da: 'expiresAt: tiden er allerede gået. Vælg en senere.',
  en: 'expiresAt: that time has passed. Choose a later one.',
}
