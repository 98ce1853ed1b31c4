-- What other programs call a contact: `hubspot:151`. An import knows a contact again by it, whatever else has changed.
ALTER TABLE crm.contacts ADD COLUMN external_ids text[] NOT NULL DEFAULT '{}';
CREATE INDEX contacts_by_external_id ON crm.contacts USING gin (external_ids) WITH (fastupdate = off);

-- Contacts that have one of these ids in another program, or are called by one here; as crm.contacts_with_addresses.
CREATE FUNCTION crm.contacts_with_external_ids(wanted text[]) RETURNS TABLE (id uuid, external_ids text[])
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
  SELECT DISTINCT ON (c.id) c.id, c.external_ids FROM unnest(wanted) one
  JOIN crm.contacts c ON c.external_ids @> ARRAY[one] AND (c.tenant_id = app.required_tenant()) IS TRUE
$$;
SELECT app.reviewed('crm.contacts_with_external_ids(text[])');

-- How a file was read, and whose ids its rows carry.
ALTER TABLE crm.imports
  ADD COLUMN delimiter text,
  ADD COLUMN encoding text,
  ADD COLUMN id_source text CHECK (id_source ~ '^[a-z0-9_-]{1,40}$');
