import { z } from 'zod'
import { fail, idOf, itemStatement, raw, resource, saying, type ReadContext } from '#core'
import { addressLike, keyOf } from '../access.ts'

const time = z.iso.datetime({ offset: true })

/** An outside server, as it is shown: of its key only that there is one. */
export const OutsideServer = z.object({
  id: z.uuid(),
  name: z.string(),
  /** The domain of its tools' operations: `outsideWeather` in `outsideWeather.tools.getForecast`. */
  domain: z.string(),
  url: z.string(),
  header: z.string(),
  hasKey: z.boolean(),
  enabled: z.boolean(),
  /** When its list of tools was last taken in. */
  checkedAt: time.nullable(),
  /** Tools that agents may use as things stand, and those that wait for an admin because they are new or have changed. */
  readyTools: z.int(),
  waitingTools: z.int(),
  version: z.int(),
  createdAt: time,
  updatedAt: time,
})
export type OutsideServer = z.output<typeof OutsideServer>

const toolsThat = (condition: string): string =>
  `(SELECT count(*)::int FROM agents.tools k WHERE k.tenant_id = t.tenant_id AND k.server_id = t.id AND ${condition})`

export const servers = resource({
  table: 'agents.servers',
  item: OutsideServer,
  fields: {
    hasKey: raw('t.key IS NOT NULL'),
    readyTools: raw(toolsThat('t.enabled AND k.allowed AND k.is_usable AND k.hash = k.offered_hash')),
    waitingTools: raw(
      toolsThat(
        'k.allowed AND k.is_usable AND k.hash IS DISTINCT FROM k.offered_hash AND k.offered_hash IS NOT NULL',
      ),
    ),
  },
  sorts: { name: { expression: raw('t.name COLLATE "da-x-icu"'), type: 'text' } },
  defaultSort: 'name',
})

export const serverId = idOf(servers)

export async function readServer(query: ReadContext['query'], id: string): Promise<OutsideServer> {
  const [row] = await query<{ json: string }>(itemStatement(servers, id))
  return row ? OutsideServer.parse(JSON.parse(row.json)) : fail('not_found')
}

const name = z.string().trim().min(1).max(40).meta({ kind: 'text' })

export const serverFields = {
  name,
  url: addressLike('https://host/mcp', 'https://tools.example/mcp'),
  header: z
    .string()
    .trim()
    .max(60)
    .refine(
      (header) => /^[A-Za-z][\w-]*$/.test(header) && !/^(host|cookie|connection|content-.*|transfer-encoding|mcp-.*)$/i.test(header),
      saying({
        da: 'en header skrives som Authorization eller X-Api-Key',
        en: 'a header reads like Authorization or X-Api-Key',
      }),
    )
    .meta({ examples: ['X-Api-Key'] }), // prettier-ignore
  key: keyOf(/^[\x20-\x7e]+$/, 4_000),
}

/** `Vejr & vind` → `outsideVejrVind`: begins as no plugin's domain does, and fits into a tool's name. */
export function domainOf(serverName: string): string {
  const spelled = serverName.toLowerCase().replace(/[æøå]/g, (letter) => ({ æ: 'ae', ø: 'oe', å: 'aa' })[letter] as string)
  const words = spelled.normalize('NFKD').replace(/\p{M}/gu, '').match(/[a-z0-9]+/g) ?? ['server']
  const joined = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('').slice(0, 20)
  return `outside${/^[A-Z]/.test(joined) ? joined : `N${joined.slice(0, 19)}`}`
} // prettier-ignore
