import { z } from 'zod'
import { raw, sql, type Raw, type Statement } from '../database/sql.ts'
import { operation } from '../operations/operation.ts'
import { listOperation } from '../resources/reads.ts'
import { filter, resource } from '../resources/resource.ts'
import { ratesAt } from './exchange.ts'

const personId = z.uuid().meta({ refers: 'platform.people' })
const conversationId = z.uuid().meta({ refers: 'platform.conversations' })
const name = z.string().min(1).max(200)
const day = z.iso.date().meta({ tense: 'past' })

const Use = z.object({
  id: z.uuid(),
  at: z.iso.datetime({ offset: true }),
  personId: z.uuid().nullable(),
  agentId: z.string(),
  conversationId: z.uuid().nullable(),
  purpose: z.string(),
  model: z.string(),
  status: z.enum(['reserved', 'settled', 'abandoned']),
  /** Those of one turn stand together. */
  calls: z.int(),
  inputTokens: z.int(),
  cachedTokens: z.int(),
  outputTokens: z.int(),
  reasoningTokens: z.int(),
  milliseconds: z.int(),
  /** Micro-units of the currency: a call often costs less than a minor unit. */
  costMicros: z.int(),
  currency: z.string(),
  priced: z.enum(['list', 'dearest', 'own', 'free']),
  measured: z.enum(['reported', 'estimated']),
})

const uses = resource({
  table: 'platform.usage',
  item: Use,
  fields: { costMicros: raw('t.cost') },
  filters: {
    personId: filter(personId, (value) => sql`t.person_id = ${value}`),
    conversationId: filter(conversationId, (value) => sql`t.conversation_id = ${value}`),
    agentId: filter(name, (value) => sql`t.agent_id = ${value}`),
    model: filter(name, (value) => sql`t.model = ${value}`),
    from: filter(day, (value) => sql`t.day >= ${value}::date`),
    to: filter(day, (value) => sql`t.day <= ${value}::date`),
  },
  sorts: { at: { expression: raw('t.at'), type: 'timestamptz' } },
  defaultSort: '-at',
})

const listUsage = listOperation(uses, {
  name: 'platform.usage.list',
  summary: 'List the calls of models, those of a turn together: who for, which model, tokens, time and cost',
})

const Sums = z.object({
  calls: z.int(),
  inputTokens: z.int(),
  cachedTokens: z.int(),
  outputTokens: z.int(),
  reasoningTokens: z.int(),
  milliseconds: z.int(),
  /** Minor units, rounded. */
  cost: z.int().meta({ kind: 'money' }),
  /** Calls whose tokens we had to estimate, and calls priced as the dearest model because theirs is on no list. */
  estimatedCalls: z.int(),
  dearestCalls: z.int(),
})

const groupings = ['model', 'person', 'agent', 'purpose', 'conversation'] as const

/** The sums are those of the whole span. */
const Overview = Sums.extend({
  from: z.iso.date(),
  to: z.iso.date(),
  currency: z.string(),
  /** One for each day that has calls, in order. */
  days: z.array(Sums.extend({ day: z.iso.date() })),
  /**
   * By what was asked for, the most costly first, fifty at most. A conversation is called by its person: what it is
   * about is theirs. What is kept as sums by day alone no longer tells of conversations.
   */
  groups: z.array(Sums.extend({ key: z.string().nullable(), name: z.string().nullable() })),
})

interface Grouping {
  readonly key: Raw
  readonly name: Raw
  /** The calls `c`, where they are not those of the overview. */
  readonly calls?: () => Statement
}

/** What a call `c` is grouped by, and what people call a group `g`. */
const keys: Readonly<Record<(typeof groupings)[number], Grouping>> = {
  model: { key: raw('c.model'), name: raw('g.key') },
  person: {
    key: raw('c.person_id::text'),
    name: raw('(SELECT p.name FROM platform.people p WHERE p.id = g.key::uuid)'),
  },
  agent: { key: raw('c.agent_id'), name: raw('g.key') },
  purpose: { key: raw('c.purpose'), name: raw('g.key') },
  conversation: {
    key: raw('c.conversation_id::text'),
    name: raw(`(SELECT p.name FROM platform.conversations v JOIN platform.people p ON p.id = v.person_id
      WHERE v.tenant_id = app.required_tenant() AND v.id = g.key::uuid)`),
    calls:
      () => sql`(SELECT u.*, platform.exchange(u.cost, u.currency, span.currency, ${rates()}::jsonb) AS micros
      FROM span, platform.usage u
      WHERE u.tenant_id = app.required_tenant() AND u.status <> 'reserved' AND u.day BETWEEN span.first_day AND span.last_day
        AND u.at >= span.first_day - interval '1 day' AND u.at < span.last_day + interval '2 days')`,
  },
}

const sums = raw(`coalesce(sum(c.calls), 0) AS calls, coalesce(sum(c.input_tokens), 0) AS "inputTokens",
  coalesce(sum(c.cached_tokens), 0) AS "cachedTokens", coalesce(sum(c.output_tokens), 0) AS "outputTokens",
  coalesce(sum(c.reasoning_tokens), 0) AS "reasoningTokens", coalesce(sum(c.milliseconds), 0) AS milliseconds,
  round(coalesce(sum(c.micros), 0) / 10000) AS cost,
  coalesce(sum(c.calls) FILTER (WHERE c.measured = 'estimated'), 0) AS "estimatedCalls",
  coalesce(sum(c.calls) FILTER (WHERE c.priced = 'dearest'), 0) AS "dearestCalls"`)

const usageOverview = operation({
  name: 'platform.usage.overview',
  summary:
    'Sum what models have used in a span of days: totals, a series by day, and groups by model, person, agent, purpose or conversation',
  effect: 'read',
  input: z.strictObject({
    /** The first of this month unless said otherwise, and today. */
    from: day.optional(),
    to: day.optional(),
    by: z.enum(groupings).default('model'),
  }),
  output: Overview,
  query: ({ from, to, by }) => overviewStatement(from ?? null, to ?? null, keys[by]),
})

const overviewStatement = (
  from: string | null,
  to: string | null,
  { key, name: called, calls = () => sql`c` }: Grouping,
) => sql`
  WITH span AS MATERIALIZED (
    SELECT coalesce(${from}::date, date_trunc('month', coalesce(${to}::date, today))::date) AS first_day,
      coalesce(${to}::date, today) AS last_day, platform.usage_currency(${rates()}::jsonb) AS currency
    FROM (SELECT (now() AT TIME ZONE platform.tenant_zone())::date AS today) t),
  c AS MATERIALIZED (
    SELECT c.*, platform.exchange(c.cost, c.currency, span.currency, ${rates()}::jsonb) AS micros
    FROM span, platform.usage_between(span.first_day, span.last_day) c),
  g AS (SELECT ${key} AS key, ${sums} FROM ${calls()} c GROUP BY 1 ORDER BY cost DESC, calls DESC, key LIMIT 50)
  SELECT row_to_json(overview)::text AS json FROM (
    SELECT span.first_day AS "from", span.last_day AS "to", span.currency, total.*,
      (SELECT coalesce(json_agg(d ORDER BY d.day), '[]') FROM (SELECT c.day, ${sums} FROM c GROUP BY c.day) d) AS days,
      (SELECT coalesce(json_agg(named), '[]') FROM (SELECT g.*, ${called} AS name FROM g) named) AS groups
    FROM span, (SELECT ${sums} FROM c) total) overview`

/** For what was counted in another currency than the company counts in now. */
const rates = (): string => JSON.stringify(ratesAt(new Date()))

export const reportOperations = [listUsage, usageOverview]
