-- Companies, the people who work in them, how one is invited, and the keys of machines.
-- A tenant's tables show their own rows only. People and sessions belong to no tenant: the runtime reaches them
-- through reviewed functions, and through them alone.

CREATE TABLE platform.tenants (
  tenant_id uuid PRIMARY KEY,
  name text NOT NULL CHECK (name <> ''),
  domain text,
  settings jsonb NOT NULL DEFAULT '{}',
  -- Allowances that the platform sets; the company itself cannot raise them.
  limits jsonb NOT NULL DEFAULT '{}',
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
SELECT app.isolate('platform.tenants');
REVOKE INSERT, UPDATE, DELETE ON platform.tenants FROM tekup_app;
GRANT UPDATE (name, domain, settings) ON platform.tenants TO tekup_app;
SELECT app.open_to_reviewed('platform.tenants', 'SELECT, INSERT');

-- Every domain is on until a row says that this company has switched it off.
CREATE TABLE platform.domains_off (
  tenant_id uuid NOT NULL REFERENCES platform.tenants (tenant_id),
  domain text NOT NULL,
  switched_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, domain)
);
SELECT app.isolate('platform.domains_off');
SELECT app.open_to_reviewed('platform.domains_off', 'SELECT');

-- One way to sign in: an email and a password. An email may stand here more than once, because whether another
-- company already knows it must not show; who has the same password is the same person (README of the room).
CREATE TABLE platform.people (
  id uuid PRIMARY KEY,
  email text NOT NULL CHECK (email = lower(email)),
  name text NOT NULL CHECK (name <> ''),
  password_hash text NOT NULL,
  locale text NOT NULL DEFAULT 'da' CHECK (locale IN ('da', 'en')),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX people_by_email ON platform.people (email);
ALTER TABLE platform.people ENABLE ROW LEVEL SECURITY;
ALTER TABLE platform.people FORCE ROW LEVEL SECURITY;
SELECT app.open_to_reviewed('platform.people', 'SELECT, INSERT, UPDATE');

-- A membership that ended stays, so that what the person did keeps a name.
CREATE TABLE platform.memberships (
  tenant_id uuid NOT NULL REFERENCES platform.tenants (tenant_id),
  person_id uuid NOT NULL REFERENCES platform.people (id),
  email text NOT NULL,
  role text NOT NULL CHECK (role IN ('owner', 'admin', 'employee', 'readOnly')),
  ended_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, person_id)
);
CREATE UNIQUE INDEX membership_email ON platform.memberships (tenant_id, email) WHERE ended_at IS NULL;
CREATE INDEX memberships_of_person ON platform.memberships USING hash (person_id);
SELECT app.isolate('platform.memberships');
-- A foreign key does not ask row-level security, so only reviewed functions may name a person here.
REVOKE INSERT, UPDATE, DELETE ON platform.memberships FROM tekup_app;
GRANT UPDATE (role, ended_at) ON platform.memberships TO tekup_app;
SELECT app.open_to_reviewed('platform.memberships', 'SELECT, INSERT, UPDATE');

-- A tenant sees the people who are or were its members, never their password, never anybody else.
CREATE POLICY fellow_members ON platform.people FOR SELECT TO tekup_app USING (
  EXISTS (SELECT FROM platform.memberships m WHERE m.tenant_id = (SELECT app.tenant()) AND m.person_id = people.id));
GRANT SELECT (id, email, name, locale, created_at) ON platform.people TO tekup_app;

-- The present members, as `platform.people.list` shows them.
CREATE VIEW platform.members WITH (security_invoker = true) AS
  SELECT m.tenant_id, m.person_id AS id, p.name, m.email, m.role, m.version, m.created_at, m.updated_at
  FROM platform.memberships m JOIN platform.people p ON p.id = m.person_id
  WHERE m.ended_at IS NULL;
GRANT SELECT ON platform.members TO tekup_app;

CREATE TABLE platform.invitations (
  tenant_id uuid NOT NULL REFERENCES platform.tenants (tenant_id),
  id uuid NOT NULL,
  email text NOT NULL CHECK (email = lower(email)),
  role text NOT NULL CHECK (role IN ('owner', 'admin', 'employee', 'readOnly')),
  token_hash bytea NOT NULL,
  invited_by uuid,
  expires_at timestamptz NOT NULL,
  accepted_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX invitations_by_time ON platform.invitations (tenant_id, created_at DESC, id DESC);
CREATE INDEX invitations_by_token ON platform.invitations USING hash (token_hash);
SELECT app.isolate('platform.invitations');
REVOKE SELECT, UPDATE ON platform.invitations FROM tekup_app;
GRANT SELECT (tenant_id, id, email, role, invited_by, expires_at, accepted_at, version, created_at, updated_at)
  ON platform.invitations TO tekup_app;
SELECT app.open_to_reviewed('platform.invitations', 'SELECT, UPDATE');
CREATE VIEW platform.invitation_list WITH (security_invoker = true) AS
  SELECT tenant_id, id, email, role, invited_by, expires_at, accepted_at, version, created_at, updated_at
  FROM platform.invitations;
GRANT SELECT ON platform.invitation_list TO tekup_app;

CREATE TABLE platform.api_keys (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  person_id uuid NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  -- Patterns of permissions; what the key may do is these, and never more than its maker may.
  scopes text[] NOT NULL,
  secret_hash bytea NOT NULL,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, person_id) REFERENCES platform.memberships (tenant_id, person_id)
);
CREATE INDEX api_keys_of_person ON platform.api_keys (tenant_id, person_id);
CREATE INDEX api_keys_by_id ON platform.api_keys USING hash (id);
SELECT app.isolate('platform.api_keys');
REVOKE SELECT, UPDATE, DELETE ON platform.api_keys FROM tekup_app;
GRANT SELECT (tenant_id, id, person_id, name, scopes, expires_at, last_used_at, revoked_at, version, created_at, updated_at),
  UPDATE (revoked_at) ON platform.api_keys TO tekup_app;
SELECT app.open_to_reviewed('platform.api_keys', 'SELECT, UPDATE');
CREATE VIEW platform.api_key_list WITH (security_invoker = true) AS
  SELECT tenant_id, id, person_id, name, scopes, expires_at, last_used_at, revoked_at, version, created_at, updated_at
  FROM platform.api_keys;
GRANT SELECT ON platform.api_key_list TO tekup_app;

DO $$
DECLARE changed text;
BEGIN
  FOREACH changed IN ARRAY ARRAY['tenants', 'memberships'] LOOP
    EXECUTE format('CREATE TRIGGER touch BEFORE UPDATE ON platform.%I FOR EACH ROW EXECUTE FUNCTION app.touch()', changed);
  END LOOP;
END $$;

-- Names as people write them without a Danish keyboard: "Søren", "Soeren" and "soren" fold to the same.
CREATE FUNCTION platform.fold_name(name text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  RETURN translate(replace(replace(replace(lower(name), 'oe', 'o'), 'ae', 'a'), 'aa', 'a'), 'øæåéèüö', 'oaaeeuo');

-- Members whose name or email fits, best first; members are few, so they are simply looked through.
CREATE FUNCTION platform.find_people(q text, most integer) RETURNS TABLE (id uuid, rank integer)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH wanted AS (SELECT platform.fold_name(q) AS text),
  scored AS (
    SELECT m.person_id, platform.fold_name(p.name) AS name, m.email, wanted.text,
      public.word_similarity(wanted.text, platform.fold_name(p.name)) AS likeness
    FROM wanted, platform.memberships m JOIN platform.people p ON p.id = m.person_id
    WHERE m.tenant_id = app.required_tenant() AND m.ended_at IS NULL)
  SELECT person_id, CASE WHEN name = text OR email = text THEN 300 WHEN starts_with(name, text) THEN 200
      WHEN strpos(name, text) > 0 OR strpos(email, text) > 0 THEN 150 ELSE (likeness * 100)::integer END AS rank
  FROM scored WHERE strpos(name, text) > 0 OR strpos(email, text) > 0 OR likeness >= 0.5
  ORDER BY rank DESC, person_id LIMIT most
$$;
SELECT app.reviewed('platform.find_people(text, integer)');
