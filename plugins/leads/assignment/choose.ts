import { sql, type WriteContext } from '#core'
import { holds, type Condition, type Judged } from '../scoring/condition.ts'

interface Rule extends Partial<Condition> {
  readonly id: string
  readonly name: string
}

interface Chosen {
  readonly ownerId: string
  readonly ownerName: string
  /** The rule that decided. */
  readonly rule: string
}

/** Who takes the lead by the first rule that fits and still has a colleague in it; nobody where none does. */
export async function chooseOwner(context: WriteContext, lead: Judged): Promise<Chosen | undefined> {
  const rules = await context.query<Rule>(sql`
    SELECT r.id, r.name, r.field, r.operator, r.value FROM leads.assignment_rules r
    WHERE r.active AND EXISTS (SELECT FROM platform.members m WHERE m.id = ANY (r.owners)) ORDER BY r.priority, r.id`)
  const rule = rules.find((candidate) => fits(candidate, lead))
  return rule && takeTurn(context, rule)
}

const fits = ({ field, operator, value }: Rule, lead: Judged): boolean =>
  !field || !operator || holds({ field, operator, value }, lead)

/** The row is locked by its turn, so two leads at once go to two colleagues. */
async function takeTurn(context: WriteContext, { id, name }: Rule): Promise<Chosen | undefined> {
  const [taken] = await context.query<{ ownerId: string; ownerName: string }>(sql`
    WITH turn AS (UPDATE leads.assignment_rules r SET turn = r.turn + 1 WHERE r.id = ${id} RETURNING r.turn, r.owners),
    present AS (
      SELECT m.id, m.name, row_number() OVER (ORDER BY o.nth) - 1 AS nth, count(*) OVER () AS number
      FROM turn, unnest(turn.owners) WITH ORDINALITY o(id, nth) JOIN platform.members m ON m.id = o.id)
    SELECT p.id AS "ownerId", p.name AS "ownerName" FROM present p, turn WHERE p.nth = (turn.turn - 1) % p.number`)
  return taken && { ...taken, rule: name }
}
