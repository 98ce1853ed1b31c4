-- What was said and done with customers, and what is still to be done.

CREATE TABLE crm.activities (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('call', 'meeting', 'email', 'note', 'stage', 'other')),
  subject text NOT NULL,
  body text,
  at timestamptz NOT NULL,
  contact_id uuid,
  company_id uuid,
  deal_id uuid,
  -- Who of our own did it.
  person_id uuid,
  search text NOT NULL GENERATED ALWAYS AS (' ' || crm.fold(subject) || ' ') STORED,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, contact_id) REFERENCES crm.contacts (tenant_id, id) ON DELETE SET NULL (contact_id),
  FOREIGN KEY (tenant_id, company_id) REFERENCES crm.companies (tenant_id, id) ON DELETE SET NULL (company_id),
  FOREIGN KEY (tenant_id, deal_id) REFERENCES crm.deals (tenant_id, id) ON DELETE SET NULL (deal_id)
);
CREATE INDEX activities_by_time ON crm.activities (tenant_id, at, id);
CREATE INDEX activities_by_words ON crm.activities USING gin (crm.words_of(tenant_id, search));
CREATE INDEX activities_of_contact ON crm.activities (tenant_id, contact_id, at, id);
CREATE INDEX activities_of_company ON crm.activities (tenant_id, company_id, at, id);
CREATE INDEX activities_of_deal ON crm.activities (tenant_id, deal_id, at, id);

CREATE TABLE crm.tasks (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  title text NOT NULL CHECK (title <> ''),
  due_on date,
  done_at timestamptz,
  owner_id uuid,
  contact_id uuid,
  company_id uuid,
  deal_id uuid,
  search text NOT NULL GENERATED ALWAYS AS (' ' || crm.fold(title) || ' ') STORED,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, contact_id) REFERENCES crm.contacts (tenant_id, id) ON DELETE SET NULL (contact_id),
  FOREIGN KEY (tenant_id, company_id) REFERENCES crm.companies (tenant_id, id) ON DELETE SET NULL (company_id),
  FOREIGN KEY (tenant_id, deal_id) REFERENCES crm.deals (tenant_id, id) ON DELETE SET NULL (deal_id)
);
CREATE INDEX tasks_by_due_date ON crm.tasks (tenant_id, (coalesce(due_on, date 'infinity')), id);
CREATE INDEX tasks_by_creation ON crm.tasks (tenant_id, created_at, id);
CREATE INDEX tasks_by_words ON crm.tasks USING gin (crm.words_of(tenant_id, search));
CREATE INDEX tasks_of_owner ON crm.tasks (tenant_id, owner_id);
CREATE INDEX tasks_of_contact ON crm.tasks (tenant_id, contact_id);
CREATE INDEX tasks_of_company ON crm.tasks (tenant_id, company_id);
CREATE INDEX tasks_of_deal ON crm.tasks (tenant_id, deal_id);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['activities', 'tasks'] LOOP
    PERFORM app.isolate(format('crm.%I', name)::regclass);
    EXECUTE format('CREATE TRIGGER touch BEFORE UPDATE ON crm.%I FOR EACH ROW EXECUTE FUNCTION app.touch()', name);
  END LOOP;
END $$;
