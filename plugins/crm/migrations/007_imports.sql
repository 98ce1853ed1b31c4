-- Files on their way into the CRM: the rows wait in chunks, and each chunk is taken in one transaction with its progress.

CREATE TABLE crm.imports (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  file_name text NOT NULL,
  format text NOT NULL CHECK (format IN ('csv', 'vcard')),
  status text NOT NULL DEFAULT 'ready' CHECK (status IN ('ready', 'running', 'finished', 'cancelled')),
  headers text[] NOT NULL DEFAULT '{}',
  -- Header → what it holds.
  columns jsonb NOT NULL DEFAULT '{}',
  source text,
  -- Per cent: how far the suggested columns can be trusted unseen.
  confidence integer,
  when_known text NOT NULL DEFAULT 'update' CHECK (when_known IN ('update', 'skip', 'create')),
  total integer NOT NULL DEFAULT 0,
  done integer NOT NULL DEFAULT 0,
  created integer NOT NULL DEFAULT 0,
  updated integer NOT NULL DEFAULT 0,
  skipped integer NOT NULL DEFAULT 0,
  failed integer NOT NULL DEFAULT 0,
  person_id uuid,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX imports_by_creation ON crm.imports (tenant_id, created_at, id);

CREATE TABLE crm.import_chunks (
  tenant_id uuid NOT NULL,
  import_id uuid NOT NULL,
  place integer NOT NULL,
  rows jsonb NOT NULL,
  PRIMARY KEY (tenant_id, import_id, place),
  FOREIGN KEY (tenant_id, import_id) REFERENCES crm.imports (tenant_id, id) ON DELETE CASCADE
);

-- Rows that could not be taken, with their line in the file and the reason in both languages.
CREATE TABLE crm.import_faults (
  tenant_id uuid NOT NULL,
  import_id uuid NOT NULL,
  line integer NOT NULL,
  cells text[] NOT NULL,
  column_name text,
  da text NOT NULL,
  en text NOT NULL,
  PRIMARY KEY (tenant_id, import_id, line),
  FOREIGN KEY (tenant_id, import_id) REFERENCES crm.imports (tenant_id, id) ON DELETE CASCADE
);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['imports', 'import_chunks', 'import_faults'] LOOP
    PERFORM app.isolate(format('crm.%I', name)::regclass);
  END LOOP;
END $$;
CREATE TRIGGER touch BEFORE UPDATE ON crm.imports FOR EACH ROW EXECUTE FUNCTION app.touch();

-- Imports are few; they are found by the name of their file.
CREATE FUNCTION crm.search_imports(q text, most integer) RETURNS TABLE (id uuid, rank integer)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT t.id, crm.fitness(' ' || folded || ' ', crm.fold_plain(q), t.file_name) AS rank
  FROM crm.imports t, crm.fold(t.file_name) folded
  WHERE t.tenant_id = app.required_tenant() AND strpos(folded, crm.fold_plain(q)) > 0
  ORDER BY rank DESC, t.id LIMIT most
$$;
SELECT app.reviewed('crm.search_imports(text, integer)');
SELECT app.open_to_reviewed('crm.imports', 'SELECT');
