import type { World } from './database.ts'

const firstNames = 'Søren,Sofie,Peter,Laura,Anna,Mikkel,Bente,Åse,Jørgen,Mette,Lars,Kirsten,Ole,Hanne,Æbbe,Rasmus,Ida,Emil,Freja,Noah,Clara,Oscar,Alma,Malthe,Karla,Aksel,Ellen,Victor,Agnes,Valdemar,Josefine,Mads,Line,Jens,Camilla,Thomas,Louise,Henrik,Maria,Niels' // prettier-ignore
const lastNames = 'Sørensen,Lund,Holm,Stone,Nørgaard,Brandt,Skov,Ålgård,Kjær,Møller,Jensen,Nielsen,Hansen,Pedersen,Andersen,Christensen,Larsen,Rasmussen,Jørgensen,Madsen,Kristensen,Olsen,Thomsen,Christiansen,Poulsen,Johansen,Knudsen,Mortensen,Dahl,Vestergaard,Bæk,Krogh,Østergaard,Bang,Friis,Juul,Winther,Bach,Toft,Gram' // prettier-ignore

/** A Danish-looking name for row `number` of a company. */
export const personName = `split_part('${firstNames}', ',', 1 + (number * 7) % 40) || ' ' ||
  split_part('${lastNames}', ',', 1 + (number * 11 + number / 40) % 40)`

/**
 * So many contacts in each company, with an employer, an owner, an email, a phone, and a tag on every fourth; mixed
 * on disk as they are when many companies work at once. The words that forgive spelling in search are left out.
 */
export async function fillContacts({ admin, aside }: World, perCompany: number): Promise<void> {
  await admin.query(`
    SET session_replication_role = replica;
    INSERT INTO crm.companies (tenant_id, id, name)
      SELECT tenant_id, uuidv7(), 'Kunde ' || number || ' ApS'
      FROM generate_series(1, ${Math.ceil(perCompany / 5)}) number, platform.tenants;
    INSERT INTO crm.tags (tenant_id, id, name) SELECT tenant_id, uuidv7(), 'VIP' FROM platform.tenants;
    SET session_replication_role = origin`)
  const indexes = await dropIndexes(admin)
  await Promise.all([0, 1].map((half) => aside(contactsOf(half, perCompany))))
  await admin.query(`
    SET session_replication_role = replica;
    INSERT INTO crm.contact_tags (tenant_id, contact_id, tag_id)
      SELECT c.tenant_id, c.id, g.id FROM crm.contacts c JOIN crm.tags g USING (tenant_id)
      WHERE c.phones->0->>'number' LIKE '%4' OR c.phones->0->>'number' LIKE '%8';
    SET session_replication_role = origin;
    SET maintenance_work_mem = '1GB';
    ${indexes.join(';')}`)
}

/** Answers how to make them again: built at the end, they take a tenth of the time that filling them takes. */
async function dropIndexes(admin: World['admin']): Promise<string[]> {
  const { rows } = await admin.query<{ name: string; definition: string }>(`
    SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition
    FROM pg_index WHERE indrelid = 'crm.contacts'::regclass AND NOT indisprimary`)
  await admin.query(`DROP INDEX ${rows.map(({ name }) => name).join(', ')}`)
  return rows.map(({ definition }) => definition)
}

/** Every second contact of each company: what their words are folded to takes a processor for minutes. */
const contactsOf = (half: number, perCompany: number): string => `
  SET session_replication_role = replica;
  WITH employer AS (
      SELECT tenant_id, array_agg(id) AS ids FROM crm.companies GROUP BY tenant_id),
    owner AS MATERIALIZED (
      SELECT m.tenant_id, m.person_id, e.ids FROM platform.memberships m JOIN employer e USING (tenant_id))
  INSERT INTO crm.contacts (tenant_id, id, name, title, company_id, owner_id, emails, phones, city, last_contact_at, created_at)
    SELECT tenant_id, uuidv7(), ${personName}, 'Indkøber', ids[1 + number % cardinality(ids)], person_id,
      jsonb_build_array(jsonb_build_object('address', 'person' || number || '@kunde.example', 'label', 'arbejde', 'primary', true)),
      jsonb_build_array(jsonb_build_object('number', '+45' || 20000000 + number, 'label', 'mobil', 'primary', true)),
      'Aarhus', now() - number * interval '1 hour', now() - number * interval '1 minute'
    FROM generate_series(1, ${perCompany}) number, owner WHERE number % 2 = ${half}`
