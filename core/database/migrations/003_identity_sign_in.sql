-- Signing in: how often one may try, which accounts an email has, how a company and its people come to be.

-- A leaking bucket for every account and every address that somebody tried to sign in with; keys are hashes.
CREATE TABLE platform.sign_in_attempts (
  key text PRIMARY KEY,
  level double precision NOT NULL,
  counted_at timestamptz NOT NULL,
  blocked_until timestamptz NOT NULL
);
ALTER TABLE platform.sign_in_attempts ENABLE ROW LEVEL SECURITY;
ALTER TABLE platform.sign_in_attempts FORCE ROW LEVEL SECURITY;
SELECT app.open_to_reviewed('platform.sign_in_attempts', 'SELECT, INSERT, UPDATE, DELETE');

-- Counts one attempt before its password is looked at, so that attempts side by side cannot slip through.
-- Above `free` attempts every further one doubles the wait, from 1 second to `longest`; one is forgotten each `leak`.
-- Answers the seconds to wait; 0 means that this attempt may go on. A refused attempt does not count.
CREATE FUNCTION platform.admit_attempt(
  attempt text, free integer, longest integer, leak interval, at timestamptz) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  known platform.sign_in_attempts;
  now_at double precision;
BEGIN
  INSERT INTO platform.sign_in_attempts VALUES (attempt, 0, at, at) ON CONFLICT DO NOTHING;
  SELECT * INTO known FROM platform.sign_in_attempts a WHERE a.key = attempt FOR UPDATE;
  IF known.blocked_until > at THEN
    RETURN ceil(extract(epoch FROM known.blocked_until - at));
  END IF;
  now_at := greatest(0, known.level - extract(epoch FROM at - known.counted_at) / extract(epoch FROM leak)) + 1;
  UPDATE platform.sign_in_attempts a SET level = now_at, counted_at = at,
    blocked_until = at + CASE WHEN round(now_at) < free THEN interval '0'
      ELSE make_interval(secs => least(longest, 2 ^ least(30, round(now_at) - free))) END
  WHERE a.key = attempt;
  DELETE FROM platform.sign_in_attempts a WHERE a.key IN (
    SELECT o.key FROM platform.sign_in_attempts o WHERE o.counted_at < at - interval '1 day' LIMIT 10 FOR UPDATE SKIP LOCKED);
  RETURN 0;
END $$;
SELECT app.reviewed('platform.admit_attempt(text, integer, integer, interval, timestamptz)');
CREATE INDEX sign_in_attempts_by_time ON platform.sign_in_attempts (counted_at);

-- An attempt that succeeded is given back; earlier failures stay, so one's own account cannot be used to wipe them.
CREATE FUNCTION platform.give_back_attempt(attempt text, at timestamptz) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE platform.sign_in_attempts SET level = greatest(0, level - 1), blocked_until = at WHERE key = attempt
$$;
SELECT app.reviewed('platform.give_back_attempt(text, timestamptz)');

-- The accounts behind an email; only accounts of present members of some company.
CREATE FUNCTION platform.accounts_of(address text) RETURNS TABLE (person_id uuid, password_hash text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT p.id, p.password_hash FROM platform.people p
  WHERE p.email = address AND EXISTS (
    SELECT FROM platform.memberships m WHERE m.person_id = p.id AND m.ended_at IS NULL)
  ORDER BY p.created_at, p.id
$$;
SELECT app.reviewed('platform.accounts_of(text)');

-- The companies of a person, the one they worked in last first.
CREATE FUNCTION platform.tenants_of(person uuid) RETURNS TABLE (id uuid, name text, role text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.tenant_id, c.name, m.role FROM platform.memberships m JOIN platform.tenants c ON c.tenant_id = m.tenant_id
  WHERE m.person_id = person AND m.ended_at IS NULL
  ORDER BY (SELECT max(s.last_used_at) FROM platform.sessions s
    WHERE s.person_id = person AND s.current_tenant = m.tenant_id) DESC NULLS LAST, m.created_at, c.tenant_id
$$;
SELECT app.reviewed('platform.tenants_of(uuid)');

-- A member's own record: how the password is checked before it is changed, and the change.
CREATE FUNCTION platform.password_of(person uuid) RETURNS TABLE (email text, password_hash text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT p.email, p.password_hash FROM platform.people p
  WHERE p.id = person AND EXISTS (SELECT FROM platform.memberships m
    WHERE m.tenant_id = app.required_tenant() AND m.person_id = person AND m.ended_at IS NULL)
$$;
SELECT app.reviewed('platform.password_of(uuid)');

CREATE FUNCTION platform.update_profile(person uuid, new_name text, new_locale text, new_hash text, at timestamptz)
  RETURNS SETOF uuid
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE platform.people p SET name = coalesce(new_name, p.name), locale = coalesce(new_locale, p.locale),
    password_hash = coalesce(new_hash, p.password_hash), updated_at = at
  WHERE p.id = person AND EXISTS (SELECT FROM platform.memberships m
    WHERE m.tenant_id = app.required_tenant() AND m.person_id = person AND m.ended_at IS NULL)
  RETURNING p.id
$$;
SELECT app.reviewed('platform.update_profile(uuid, text, text, text, timestamptz)');

CREATE FUNCTION platform.found_tenant(tenant uuid, tenant_name text, tenant_domain text, at timestamptz) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO platform.tenants (tenant_id, name, domain, created_at, updated_at)
  VALUES (tenant, tenant_name, tenant_domain, at, at)
$$;
SELECT app.reviewed('platform.found_tenant(uuid, text, text, timestamptz)');

-- Makes a person a member: a known account (its email must be the given one), or a new one when `hash` is given.
-- A member who left comes back. 23505 when somebody else is a member with this email.
CREATE FUNCTION platform.add_member(
  tenant uuid, person uuid, address text, person_name text, hash text, person_locale text, member_role text, at timestamptz)
  RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF hash IS NOT NULL THEN
    INSERT INTO platform.people (id, email, name, password_hash, locale, created_at, updated_at)
    VALUES (person, address, person_name, hash, person_locale, at, at);
  ELSE
    PERFORM FROM platform.people p WHERE p.id = person AND p.email = address;
    IF NOT FOUND THEN RAISE EXCEPTION 'no such account' USING ERRCODE = '42501'; END IF;
  END IF;
  INSERT INTO platform.memberships AS m (tenant_id, person_id, email, role, created_at, updated_at)
  VALUES (tenant, person, address, member_role, at, at)
  ON CONFLICT (tenant_id, person_id) DO UPDATE SET role = excluded.role, ended_at = NULL
    WHERE m.ended_at IS NOT NULL;
END $$;
SELECT app.reviewed('platform.add_member(uuid, uuid, text, text, text, text, text, timestamptz)');

-- An invitation that can still be accepted.
CREATE FUNCTION platform.open_invitation(token bytea, at timestamptz)
  RETURNS TABLE (tenant_id uuid, id uuid, email text, role text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT i.tenant_id, i.id, i.email, i.role FROM platform.invitations i
  WHERE i.token_hash = token AND i.accepted_at IS NULL AND i.expires_at > at
$$;
SELECT app.reviewed('platform.open_invitation(bytea, timestamptz)');

-- Uses the invitation, once: no row when somebody was faster or it was taken back.
CREATE FUNCTION platform.use_invitation(token bytea, at timestamptz) RETURNS SETOF uuid
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE platform.invitations i SET accepted_at = at, updated_at = at, version = i.version + 1
  WHERE i.token_hash = token AND i.accepted_at IS NULL AND i.expires_at > at RETURNING i.id
$$;
SELECT app.reviewed('platform.use_invitation(bytea, timestamptz)');
