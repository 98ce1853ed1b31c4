-- Companies, the people in them, and the tags on both.

CREATE TABLE crm.companies (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  cvr text CHECK (cvr ~ '^[0-9]{8}$'),
  domain text,
  email text,
  phone text,
  address text,
  postcode text,
  city text,
  country text,
  owner_id uuid,
  last_contact_at timestamptz,
  -- What search looks through: folded words, each after a space (crm.search_words reads the name's alone).
  search text NOT NULL GENERATED ALWAYS AS (
    ' ' || crm.fold(name) || ' ' || coalesce(cvr || ' ', '') || coalesce(lower(domain) || ' ', '')
    || coalesce(lower(email) || ' ', '') || coalesce(crm.fold(city) || ' ', '')
    || coalesce(translate(phone, '+', '') || ' ' || replace(phone, '+45', '') || ' ', '')) STORED,
  -- The name as two writings of it are compared: "Havneby ApS" and "HAVNEBY APS" are one.
  folded_name text NOT NULL GENERATED ALWAYS AS (crm.fold_plain(name)) STORED,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX company_cvr ON crm.companies (tenant_id, cvr) WHERE cvr IS NOT NULL;
CREATE INDEX companies_by_folded_name ON crm.companies (tenant_id, folded_name);
CREATE INDEX companies_by_domain ON crm.companies (tenant_id, domain) WHERE domain IS NOT NULL;
CREATE INDEX companies_by_name ON crm.companies (tenant_id, name COLLATE "da-x-icu", id);
CREATE INDEX companies_by_last_contact ON crm.companies
  (tenant_id, (coalesce(last_contact_at, timestamptz '-infinity')), id);
CREATE INDEX companies_by_creation ON crm.companies (tenant_id, created_at, id);
CREATE INDEX companies_by_owner ON crm.companies (tenant_id, owner_id);
CREATE INDEX companies_by_words ON crm.companies USING gin (crm.words_of(tenant_id, search));

-- Addresses and numbers as words to search for: `sofie@havneby.example` as two, a Danish number with and without
-- its country code.
CREATE FUNCTION crm.address_words(emails jsonb) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN translate(jsonb_path_query_array(emails, '$[*].address')::text, '[]",@', '     ');

CREATE FUNCTION crm.number_words(phones jsonb) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN translate(jsonb_path_query_array(phones, '$[*].number')::text, '[]",+', '   ')
    || ' ' || replace(translate(jsonb_path_query_array(phones, '$[*].number')::text, '[]",', '   '), '+45', '');

-- Emails and phones are small lists that live and change with their contact, so they stand in its row:
-- [{ "address", "label", "primary" }] and [{ "number", "label", "primary" }], the primary one first.
CREATE TABLE crm.contacts (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  title text,
  company_id uuid,
  owner_id uuid,
  emails jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(emails) = 'array'),
  phones jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(phones) = 'array'),
  address text,
  postcode text,
  city text,
  country text,
  last_contact_at timestamptz,
  addresses text[] NOT NULL GENERATED ALWAYS AS (
    string_to_array(translate(jsonb_path_query_array(emails, '$[*].address')::text, '[]" ', ''), ',')) STORED,
  search text NOT NULL GENERATED ALWAYS AS (
    ' ' || crm.fold(name) || ' ' || coalesce(crm.fold(title) || ' ', '')
    || crm.address_words(emails)
    || crm.number_words(phones)) STORED,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, company_id) REFERENCES crm.companies (tenant_id, id) ON DELETE SET NULL (company_id)
);
CREATE INDEX contacts_by_name ON crm.contacts (tenant_id, name COLLATE "da-x-icu", id);
CREATE INDEX contacts_by_last_contact ON crm.contacts
  (tenant_id, (coalesce(last_contact_at, timestamptz '-infinity')), id);
CREATE INDEX contacts_by_creation ON crm.contacts (tenant_id, created_at, id);
CREATE INDEX contacts_by_company ON crm.contacts (tenant_id, company_id);
CREATE INDEX contacts_by_owner ON crm.contacts (tenant_id, owner_id);
CREATE INDEX contacts_by_words ON crm.contacts USING gin (crm.words_of(tenant_id, search));
-- Looked up thousands of times by an import that writes at the same time, so nothing is left pending.
CREATE INDEX contacts_by_address ON crm.contacts USING gin (addresses) WITH (fastupdate = off);

CREATE TABLE crm.tags (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  folded_name text NOT NULL GENERATED ALWAYS AS (crm.fold_plain(name)) STORED,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT tag_name UNIQUE (tenant_id, folded_name)
);

CREATE TABLE crm.contact_tags (
  tenant_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  tag_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, contact_id, tag_id),
  FOREIGN KEY (tenant_id, contact_id) REFERENCES crm.contacts (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, tag_id) REFERENCES crm.tags (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX contact_tags_by_tag ON crm.contact_tags (tenant_id, tag_id);

CREATE TABLE crm.company_tags (
  tenant_id uuid NOT NULL,
  company_id uuid NOT NULL,
  tag_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, company_id, tag_id),
  FOREIGN KEY (tenant_id, company_id) REFERENCES crm.companies (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, tag_id) REFERENCES crm.tags (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX company_tags_by_tag ON crm.company_tags (tenant_id, tag_id);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['companies', 'contacts', 'tags', 'contact_tags', 'company_tags'] LOOP
    PERFORM app.isolate(format('crm.%I', name)::regclass);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['companies', 'contacts', 'tags'] LOOP
    EXECUTE format('CREATE TRIGGER touch BEFORE UPDATE ON crm.%I FOR EACH ROW EXECUTE FUNCTION app.touch()', name);
  END LOOP;
END $$;
