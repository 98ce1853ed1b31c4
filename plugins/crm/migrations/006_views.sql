-- Saved filters: a name for what a list was asked for.

CREATE TABLE crm.views (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  resource text NOT NULL CHECK (resource IN ('contacts', 'companies', 'deals', 'tasks', 'activities')),
  -- The list's own input, as it is sent: filters, order and search.
  query jsonb NOT NULL,
  -- Who saved it; all colleagues see it.
  owner_id uuid,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX views_by_name ON crm.views (tenant_id, name COLLATE "da-x-icu", id);
SELECT app.isolate('crm.views');
CREATE TRIGGER touch BEFORE UPDATE ON crm.views FOR EACH ROW EXECUTE FUNCTION app.touch();

-- Pipelines, tags and saved filters are few, so their names are simply looked through.
DO $$
DECLARE target text;
BEGIN
  FOREACH target IN ARRAY ARRAY['pipelines', 'tags', 'views'] LOOP
    PERFORM app.open_to_reviewed(format('crm.%I', target)::regclass, 'SELECT');
    EXECUTE format($search$
      CREATE FUNCTION crm.%1$I(q text, most integer) RETURNS TABLE (id uuid, rank integer)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
        SELECT t.id, crm.fitness(' ' || folded || ' ', crm.fold_plain(q), t.name) AS rank
        FROM crm.%2$I t, crm.fold(t.name) folded
        WHERE t.tenant_id = app.required_tenant() AND (strpos(folded, crm.fold_plain(q)) > 0
          OR public.word_similarity(crm.fold_plain(q), folded) >= 0.5)
        ORDER BY rank DESC, t.id LIMIT most $body$ $search$, 'search_' || target, target);
    PERFORM app.reviewed(format('crm.%I(text, integer)', 'search_' || target)::regprocedure);
  END LOOP;
END $$;
