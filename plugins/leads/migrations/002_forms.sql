-- Forms that stand in web pages, what was sent through them, and what people agreed to.

CREATE TABLE leads.forms (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  -- Stands in the page for everybody to see; names the form, and proves nothing.
  public_key text NOT NULL,
  -- Signs the tickets of visitors; shown to nobody.
  secret text NOT NULL,
  source_id uuid,
  -- Web origins whose pages may send it from a script; none named is any.
  origins text[] NOT NULL DEFAULT '{}',
  fields jsonb NOT NULL CHECK (jsonb_typeof(fields) = 'array'),
  consent_version integer,
  -- Where a plain form goes on to, and the other addresses that a page may choose.
  thanks_url text,
  redirects text[] NOT NULL DEFAULT '{}',
  guard text NOT NULL DEFAULT 'plain' CHECK (guard IN ('plain', 'ticket', 'proof')),
  least_seconds integer NOT NULL DEFAULT 3 CHECK (least_seconds BETWEEN 0 AND 600),
  open boolean NOT NULL DEFAULT true,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT form_key UNIQUE (tenant_id, public_key),
  FOREIGN KEY (tenant_id, source_id) REFERENCES leads.sources (tenant_id, id) ON DELETE SET NULL (source_id)
);
CREATE INDEX forms_by_name ON leads.forms (tenant_id, name COLLATE "da-x-icu", id);
CREATE INDEX forms_by_source ON leads.forms (tenant_id, source_id);
-- The key is all that an outsider brings: whose it is follows from it.
CREATE INDEX forms_by_key ON leads.forms USING hash (public_key);

-- Every wording that people were ever asked to agree to.
CREATE TABLE leads.consent_texts (
  tenant_id uuid NOT NULL,
  form_id uuid NOT NULL,
  consent_version integer NOT NULL,
  text text NOT NULL CHECK (text <> ''),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, form_id, consent_version),
  FOREIGN KEY (tenant_id, form_id) REFERENCES leads.forms (tenant_id, id) ON DELETE CASCADE
);

-- What came in through a form, as it was sent. A suspicious one waits in quarantine, so that nothing is lost.
CREATE TABLE leads.submissions (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  form_id uuid,
  lead_id uuid,
  status text NOT NULL CHECK (status IN ('accepted', 'quarantined')),
  fields jsonb NOT NULL,
  consent_version integer,
  suspicions text[] NOT NULL DEFAULT '{}',
  -- The network that it came from, never the whole address.
  network text,
  origin text,
  page text,
  ticket text,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, form_id) REFERENCES leads.forms (tenant_id, id) ON DELETE SET NULL (form_id),
  FOREIGN KEY (tenant_id, lead_id) REFERENCES leads.leads (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX submissions_by_creation ON leads.submissions (tenant_id, created_at, id);
CREATE INDEX submissions_by_status ON leads.submissions (tenant_id, status, created_at, id);
CREATE INDEX submissions_of_form ON leads.submissions (tenant_id, form_id);
CREATE INDEX submissions_of_lead ON leads.submissions (tenant_id, lead_id);
CREATE INDEX submissions_by_ticket ON leads.submissions (tenant_id, ticket) WHERE ticket IS NOT NULL;

-- The proof of a consent (GDPR, article 7(1)): who, to exactly which words, when and from where; and when it was withdrawn.
CREATE TABLE leads.consents (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  lead_id uuid NOT NULL,
  form_id uuid,
  consent_version integer NOT NULL,
  text text NOT NULL,
  given_at timestamptz NOT NULL,
  network text,
  page text,
  withdrawn_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, lead_id) REFERENCES leads.leads (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, form_id) REFERENCES leads.forms (tenant_id, id) ON DELETE SET NULL (form_id)
);
CREATE INDEX consents_by_time ON leads.consents (tenant_id, given_at, id);
CREATE INDEX consents_of_lead ON leads.consents (tenant_id, lead_id);
CREATE INDEX consents_of_form ON leads.consents (tenant_id, form_id);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['forms', 'consent_texts', 'submissions', 'consents'] LOOP
    PERFORM app.isolate(format('leads.%I', name)::regclass);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['forms', 'submissions', 'consents'] LOOP
    EXECUTE format('CREATE TRIGGER touch BEFORE UPDATE ON leads.%I FOR EACH ROW EXECUTE FUNCTION app.touch()', name);
  END LOOP;
END $$;
REVOKE UPDATE ON leads.consent_texts FROM tekup_app;

-- Whose form it is that stands in a page: the one thing that is asked across companies.
SELECT app.open_to_reviewed('leads.forms', 'SELECT');
CREATE FUNCTION leads.form_of_key(asked text) RETURNS TABLE (tenant uuid, id uuid, name text, origins text[])
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT f.tenant_id, f.id, f.name, f.origins FROM leads.forms f WHERE f.public_key = asked AND f.open
$$;
SELECT app.reviewed('leads.form_of_key(text)');

-- Search: each word of the question begins a word of the row. Reviewed, because functions of text may not run before
-- row-level security has spoken.
DO $$
DECLARE target text[];
BEGIN
  FOREACH target SLICE 1 IN ARRAY ARRAY[
    ['leads', 't.search'], ['sources', $a$' ' || t.folded_name$a$], ['forms', $a$' ' || leads.fold(t.name)$a$],
    ['scoring_rules', $a$' ' || leads.fold(t.name)$a$], ['assignment_rules', $a$' ' || leads.fold(t.name)$a$]] LOOP
    IF target[1] <> 'forms' THEN PERFORM app.open_to_reviewed(format('leads.%I', target[1])::regclass, 'SELECT'); END IF;
    EXECUTE format($search$
      CREATE FUNCTION leads.%1$I(q text, most integer) RETURNS TABLE (id uuid, rank integer)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
        SELECT t.id, CASE WHEN strpos(%3$s, ' ' || leads.fold(q)) > 0 THEN 2 ELSE 1 END AS rank
        FROM leads.%2$I t
        WHERE t.tenant_id = app.required_tenant() AND NOT EXISTS (
          SELECT FROM regexp_split_to_table(translate(leads.fold(q), '@+,;"', '     '), ' +') word
          WHERE word <> '' AND strpos(%3$s, ' ' || word) = 0)
        ORDER BY rank DESC, t.created_at DESC, t.id LIMIT most $body$ $search$, 'search_' || target[1], target[1], target[2]);
    PERFORM app.reviewed(format('leads.%I(text, integer)', 'search_' || target[1])::regprocedure);
  END LOOP;
END $$;
