-- Pipelines with their stages, and the deals that move through them.

CREATE TABLE crm.pipelines (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  -- The pipeline of a deal that names none.
  standard boolean NOT NULL DEFAULT false,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT pipeline_name UNIQUE (tenant_id, name)
);
CREATE UNIQUE INDEX standard_pipeline ON crm.pipelines (tenant_id) WHERE standard;

CREATE TABLE crm.stages (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  pipeline_id uuid NOT NULL,
  key text NOT NULL CHECK (key ~ '^[a-z0-9_]+$'),
  name text NOT NULL CHECK (name <> ''),
  -- Other names that people use for it, in either language.
  aliases text[] NOT NULL DEFAULT '{}',
  kind text NOT NULL DEFAULT 'open' CHECK (kind IN ('open', 'won', 'lost')),
  -- Per cent.
  probability integer NOT NULL CHECK (probability BETWEEN 0 AND 100),
  place integer NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, pipeline_id) REFERENCES crm.pipelines (tenant_id, id) ON DELETE CASCADE,
  CONSTRAINT stage_key UNIQUE (tenant_id, pipeline_id, key)
);

CREATE TABLE crm.deals (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  title text NOT NULL CHECK (title <> ''),
  pipeline_id uuid NOT NULL,
  stage_id uuid NOT NULL,
  stage_since timestamptz NOT NULL DEFAULT now(),
  status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'won', 'lost')),
  company_id uuid,
  contact_id uuid,
  owner_id uuid,
  -- Minor units of the currency.
  amount bigint NOT NULL DEFAULT 0 CHECK (amount BETWEEN 0 AND 9007199254740991),
  currency text NOT NULL DEFAULT 'DKK' CHECK (currency ~ '^[A-Z]{3}$'),
  -- Per cent; the stage's own where it is not set.
  own_probability integer CHECK (own_probability BETWEEN 0 AND 100),
  expected_close_on date,
  closed_at timestamptz,
  lost_reason text,
  search text NOT NULL GENERATED ALWAYS AS (' ' || crm.fold(title) || ' ') STORED,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, pipeline_id) REFERENCES crm.pipelines (tenant_id, id),
  FOREIGN KEY (tenant_id, stage_id) REFERENCES crm.stages (tenant_id, id),
  FOREIGN KEY (tenant_id, company_id) REFERENCES crm.companies (tenant_id, id) ON DELETE SET NULL (company_id),
  FOREIGN KEY (tenant_id, contact_id) REFERENCES crm.contacts (tenant_id, id) ON DELETE SET NULL (contact_id)
);
CREATE INDEX deals_by_pipeline ON crm.deals (tenant_id, pipeline_id, status);
CREATE INDEX deals_by_stage ON crm.deals (tenant_id, stage_id);
CREATE INDEX deals_by_company ON crm.deals (tenant_id, company_id);
CREATE INDEX deals_by_contact ON crm.deals (tenant_id, contact_id);
CREATE INDEX deals_by_owner ON crm.deals (tenant_id, owner_id);
CREATE INDEX deals_by_title ON crm.deals (tenant_id, title COLLATE "da-x-icu", id);
CREATE INDEX deals_by_amount ON crm.deals (tenant_id, amount, id);
CREATE INDEX deals_by_stage_time ON crm.deals (tenant_id, stage_since, id);
CREATE INDEX deals_by_creation ON crm.deals (tenant_id, created_at, id);
CREATE INDEX deals_by_expected_close ON crm.deals (tenant_id, (coalesce(expected_close_on, date 'infinity')), id);
CREATE INDEX deals_by_words ON crm.deals USING gin (crm.words_of(tenant_id, search));

-- How long a deal stood in each stage.
CREATE TABLE crm.deal_stages (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  deal_id uuid NOT NULL,
  stage_id uuid NOT NULL,
  entered_at timestamptz NOT NULL,
  left_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, deal_id) REFERENCES crm.deals (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, stage_id) REFERENCES crm.stages (tenant_id, id)
);
CREATE INDEX deal_stages_of_deal ON crm.deal_stages (tenant_id, deal_id, entered_at);
CREATE INDEX deal_stages_by_stage ON crm.deal_stages (tenant_id, stage_id);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['pipelines', 'stages', 'deals', 'deal_stages'] LOOP
    PERFORM app.isolate(format('crm.%I', name)::regclass);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['pipelines', 'deals'] LOOP
    EXECUTE format('CREATE TRIGGER touch BEFORE UPDATE ON crm.%I FOR EACH ROW EXECUTE FUNCTION app.touch()', name);
  END LOOP;
END $$;
