import { z } from 'zod'
import { sql } from '../../database/sql.ts'
import { fail } from '../../errors.ts'
import { locales, saying } from '../../language.ts'
import { operation, type AnyOperation } from '../../operations/operation.ts'
import { Currency } from '../../resources/fields.ts'
import type { AccessChanges } from '../accessChanges.ts'

/** What a company chooses for itself. */
const Settings = z.strictObject({
  locale: z.enum(locales).optional(),
  /** IANA name, such as Europe/Copenhagen. */
  timeZone: z
    .string()
    .max(64)
    .refine(
      isTimeZone,
      saying({
        da: 'en tidszone skrives som Europe/Copenhagen',
        en: 'a time zone reads like Europe/Copenhagen',
      }),
    )
    .meta({ examples: ['Europe/Copenhagen'] })
    .optional(),
  currency: Currency.optional(),
})

const Company = z.object({
  id: z.uuid(),
  name: z.string(),
  domain: z.string().nullable(),
  settings: Settings,
  createdAt: z.iso.datetime({ offset: true }),
  version: z.int(),
})

const domain = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .refine(
    (name) => /^([a-z0-9æøå-]+\.)+[a-zæøå]{2,}$/u.test(name),
    saying({ da: 'et domæne skrives som firma.example', en: 'a domain reads like company.example' }),
  )
  .meta({ examples: ['nordlys.example'] })

const companyStatement = () => sql`
  SELECT row_to_json(item)::text AS json, item.version FROM (
    SELECT tenant_id AS id, name, domain, settings, created_at AS "createdAt", version FROM platform.tenants
    WHERE tenant_id = (SELECT app.tenant())) item`

const getCompany = operation({
  name: 'platform.company.get',
  summary: 'Get the company’s name, web domain and settings',
  effect: 'read',
  input: z.strictObject({}),
  output: Company,
  query: companyStatement,
})

export function companyOperations(changes: AccessChanges): AnyOperation[] {
  const updateCompany = operation({
    name: 'platform.company.update',
    summary: 'Change the company’s name, web domain or settings',
    effect: 'write',
    input: z.strictObject({
      name: z.string().trim().min(1).max(200).optional().meta({ kind: 'companyName' }),
      domain: domain.nullable().optional(),
      settings: Settings.optional(),
      version: z.int().optional(),
    }),
    output: Company,
    async run({ name, domain, settings, version }, context) {
      changes.announce(context.tenant.id)
      const changed = await context.query(sql`
        UPDATE platform.tenants SET name = coalesce(${name ?? null}, name),
          domain = CASE WHEN ${domain !== undefined}::boolean THEN ${domain ?? null} ELSE domain END,
          settings = settings || ${JSON.stringify(settings ?? {})}::jsonb
        WHERE tenant_id = ${context.tenant.id} AND version = coalesce(${version ?? null}::int, version) RETURNING 1`)
      if (changed.length === 0) fail('version_conflict')
      const [row] = await context.query<{ json: string }>(companyStatement())
      return row ? Company.parse(JSON.parse(row.json)) : fail('not_found')
    },
  })
  return [getCompany, updateCompany]
}

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }))
  } catch {
    return false
  }
}
