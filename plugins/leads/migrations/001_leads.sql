-- Leads: people who may become customers, where they came from, what became of them, and why they are worth a call.

CREATE SCHEMA leads;
GRANT USAGE ON SCHEMA leads TO tekup_app, tekup_definer;
GRANT CREATE ON SCHEMA leads TO tekup_definer;

-- Text as search compares it: small letters, without the marks that people leave out. No collation of the server.
CREATE FUNCTION leads.fold(value text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
  RETURN translate(lower(normalize(value, NFC) COLLATE "C"), 'ÆØÅæøåÄÖÜäöüÉéÈè', 'aoaaoaaouaoueeee');

-- Where leads come from.
CREATE TABLE leads.sources (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  channel text NOT NULL CHECK (channel IN ('web', 'phone', 'email', 'event', 'referral', 'ads', 'social', 'other')),
  folded_name text NOT NULL GENERATED ALWAYS AS (leads.fold(name)) STORED,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT source_name UNIQUE (tenant_id, folded_name)
);

CREATE TABLE leads.leads (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  email text,
  phone text,
  company_name text,
  title text,
  city text,
  -- What they wrote the first time.
  message text,
  -- Answers to a form's own questions.
  answers jsonb NOT NULL DEFAULT '{}',
  status text NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'contacted', 'qualified', 'disqualified', 'converted')),
  status_since timestamptz NOT NULL DEFAULT now(),
  status_reason text,
  owner_id uuid,
  source_id uuid,
  -- The sum of leads.points: nothing else writes it.
  score integer NOT NULL DEFAULT 0,
  captures integer NOT NULL DEFAULT 1,
  last_captured_at timestamptz NOT NULL DEFAULT now(),
  -- What the lead is in the CRM, as its events said; another plugin's ids, so no foreign keys.
  contact_id uuid,
  company_id uuid,
  deal_id uuid,
  converted_at timestamptz,
  search text NOT NULL GENERATED ALWAYS AS (
    ' ' || leads.fold(name) || ' ' || coalesce(leads.fold(company_name) || ' ', '')
    || coalesce(replace(lower(email), '@', ' ') || ' ', '') || coalesce(leads.fold(city) || ' ', '')
    || coalesce(translate(phone, '+', '') || ' ' || replace(phone, '+45', '') || ' ', '')) STORED,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, source_id) REFERENCES leads.sources (tenant_id, id) ON DELETE SET NULL (source_id)
);
CREATE INDEX leads_by_creation ON leads.leads (tenant_id, created_at, id);
CREATE INDEX leads_by_score ON leads.leads (tenant_id, score, id);
CREATE INDEX leads_by_name ON leads.leads (tenant_id, name COLLATE "da-x-icu", id);
CREATE INDEX leads_by_status ON leads.leads (tenant_id, status, created_at, id);
CREATE INDEX leads_by_owner ON leads.leads (tenant_id, owner_id);
CREATE INDEX leads_by_source ON leads.leads (tenant_id, source_id);
CREATE INDEX leads_by_email ON leads.leads (tenant_id, email) WHERE email IS NOT NULL;
CREATE INDEX leads_by_contact ON leads.leads (tenant_id, contact_id) WHERE contact_id IS NOT NULL;

-- What happened with a lead, and who did it.
CREATE TABLE leads.history (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  lead_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('created', 'captured', 'moved', 'assigned', 'linked', 'converted', 'changed')),
  -- For a move the statuses, for an assignment the owners.
  before text,
  after text,
  reason text,
  -- What was sent, where it was captured; what it became, where it was linked or converted.
  details jsonb NOT NULL DEFAULT '{}',
  actor_kind text NOT NULL,
  actor_name text NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, lead_id) REFERENCES leads.leads (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX history_of_lead ON leads.history (tenant_id, lead_id, at, id);

CREATE TABLE leads.scoring_rules (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  -- `lead`: once, for as long as the condition holds; `capture`: each time that the lead writes to us.
  per text NOT NULL DEFAULT 'lead' CHECK (per IN ('lead', 'capture')),
  field text NOT NULL,
  operator text NOT NULL,
  value text,
  points integer NOT NULL CHECK (points BETWEEN -1000 AND 1000 AND points <> 0),
  active boolean NOT NULL DEFAULT true,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX scoring_rules_by_name ON leads.scoring_rules (tenant_id, name COLLATE "da-x-icu", id);

-- The ledger: each point with its reason. An event gives the points of a rule once, however often it is told.
CREATE TABLE leads.points (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  lead_id uuid NOT NULL,
  -- Stays when the rule is gone, as its reason does.
  rule_id uuid NOT NULL,
  event_id uuid NOT NULL,
  points integer NOT NULL CHECK (points <> 0),
  reason text NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT points_once UNIQUE (tenant_id, lead_id, rule_id, event_id),
  FOREIGN KEY (tenant_id, lead_id) REFERENCES leads.leads (tenant_id, id) ON DELETE CASCADE
);

CREATE TABLE leads.assignment_rules (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  -- The first rule that fits decides, by priority: 1 first.
  priority integer NOT NULL,
  -- Without a field the rule fits every lead.
  field text,
  operator text,
  value text,
  -- Who takes such leads, in turn.
  owners uuid[] NOT NULL CHECK (cardinality(owners) > 0),
  turn integer NOT NULL DEFAULT 0,
  active boolean NOT NULL DEFAULT true,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX assignment_rules_by_priority ON leads.assignment_rules (tenant_id, priority, id);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['sources', 'leads', 'history', 'scoring_rules', 'points', 'assignment_rules'] LOOP
    PERFORM app.isolate(format('leads.%I', name)::regclass);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['sources', 'scoring_rules'] LOOP
    EXECUTE format('CREATE TRIGGER touch BEFORE UPDATE ON leads.%I FOR EACH ROW EXECUTE FUNCTION app.touch()', name);
  END LOOP;
END $$;

-- Points and turns come and go by themselves: whoever is changing a lead or a rule meanwhile is not refused for them.
CREATE TRIGGER touch BEFORE UPDATE ON leads.leads FOR EACH ROW
  WHEN (OLD.score = NEW.score) EXECUTE FUNCTION app.touch();
CREATE TRIGGER touch BEFORE UPDATE ON leads.assignment_rules FOR EACH ROW
  WHEN (OLD.turn = NEW.turn) EXECUTE FUNCTION app.touch();

-- What is in the ledger and in the history stays as it was written; a lead that is deleted takes both with it.
REVOKE UPDATE, DELETE ON leads.points, leads.history FROM tekup_app;

-- Two captures at once both count: each adds its own points to what the row then says.
CREATE FUNCTION leads.count_points() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE leads.leads l SET score = l.score + given.points
    FROM (SELECT tenant_id, lead_id, sum(points)::integer AS points FROM written GROUP BY tenant_id, lead_id) given
    WHERE l.tenant_id = given.tenant_id AND l.id = given.lead_id AND given.points <> 0;
  RETURN NULL;
END $$;
CREATE TRIGGER count_points AFTER INSERT ON leads.points REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION leads.count_points();
