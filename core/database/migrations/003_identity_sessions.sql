-- Sessions and their refresh tokens, what a caller may do, and how every process learns that it changed.

CREATE TABLE platform.sessions (
  id uuid PRIMARY KEY,
  person_id uuid NOT NULL REFERENCES platform.people (id),
  current_tenant uuid NOT NULL,
  user_agent text NOT NULL,
  address text NOT NULL,
  created_at timestamptz NOT NULL,
  last_used_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE INDEX sessions_of_person ON platform.sessions (person_id, created_at DESC);
ALTER TABLE platform.sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE platform.sessions FORCE ROW LEVEL SECURITY;
SELECT app.open_to_reviewed('platform.sessions', 'SELECT, INSERT, UPDATE');

-- A session is the family of its refresh tokens. Only hashes are kept.
CREATE TABLE platform.refresh_tokens (
  token_hash bytea PRIMARY KEY,
  session_id uuid NOT NULL REFERENCES platform.sessions (id),
  successor_hash bytea,
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX refresh_tokens_of_session ON platform.refresh_tokens (session_id);
ALTER TABLE platform.refresh_tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE platform.refresh_tokens FORCE ROW LEVEL SECURITY;
SELECT app.open_to_reviewed('platform.refresh_tokens', 'SELECT, INSERT, UPDATE, DELETE');

-- Opens a session for a member; answers false when the person is not one (any more).
CREATE FUNCTION platform.open_session(
  session uuid, person uuid, tenant uuid, agent text, from_address text, first_token bytea,
  at timestamptz, session_ends timestamptz, token_ends timestamptz) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM FROM platform.memberships m WHERE m.tenant_id = tenant AND m.person_id = person AND m.ended_at IS NULL;
  IF NOT FOUND THEN RETURN false; END IF;
  INSERT INTO platform.sessions (id, person_id, current_tenant, user_agent, address, created_at, last_used_at, expires_at)
  VALUES (session, person, tenant, agent, from_address, at, at, session_ends);
  INSERT INTO platform.refresh_tokens (token_hash, session_id, expires_at) VALUES (first_token, session, token_ends);
  RETURN true;
END $$;
SELECT app.reviewed('platform.open_session(uuid, uuid, uuid, text, text, bytea, timestamptz, timestamptz, timestamptz)');

CREATE FUNCTION platform.end_session(session uuid, at timestamptz) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE platform.sessions SET ended_at = at WHERE id = session AND ended_at IS NULL;
  DELETE FROM platform.refresh_tokens WHERE session_id = session;
$$;
SELECT app.reviewed('platform.end_session(uuid, timestamptz)');

-- Ends a person's own sessions: one, or all but the one that asks. Answers the ids that ended.
CREATE FUNCTION platform.end_sessions_of(person uuid, only_this uuid, all_but uuid, at timestamptz) RETURNS SETOF uuid
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH ended AS (
    UPDATE platform.sessions s SET ended_at = at
    WHERE s.person_id = person AND s.ended_at IS NULL AND s.expires_at > at
      AND (only_this IS NULL OR s.id = only_this) AND (all_but IS NULL OR s.id <> all_but)
      AND EXISTS (SELECT FROM platform.memberships m WHERE m.tenant_id = app.required_tenant()
        AND m.person_id = person AND m.ended_at IS NULL)
    RETURNING s.id),
  forgotten AS (DELETE FROM platform.refresh_tokens t USING ended WHERE t.session_id = ended.id)
  SELECT id FROM ended
$$;
SELECT app.reviewed('platform.end_sessions_of(uuid, uuid, uuid, timestamptz)');

CREATE FUNCTION platform.sessions_of(person uuid, at timestamptz)
  RETURNS TABLE (id uuid, user_agent text, address text, created_at timestamptz, last_used_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT s.id, s.user_agent, s.address, s.created_at, s.last_used_at FROM platform.sessions s
  WHERE s.person_id = person AND s.ended_at IS NULL AND s.expires_at > at
    AND EXISTS (SELECT FROM platform.memberships m WHERE m.tenant_id = app.required_tenant()
      AND m.person_id = person AND m.ended_at IS NULL)
  ORDER BY s.last_used_at DESC
$$;
SELECT app.reviewed('platform.sessions_of(uuid, timestamptz)');

-- Uses a refresh token once. `rotated`: the successor is now the one to use; `repeated`: the same token again within
-- the grace, while its successor is unused (the answer was lost on the way); `reused`: a replay, and the family is
-- ended; `refused`: unknown, expired or ended. (RFC 9700, section 4.14.2)
CREATE FUNCTION platform.use_refresh_token(
  token bytea, successor bytea, agent text, from_address text, at timestamptz, token_ends timestamptz, grace interval)
  RETURNS TABLE (outcome text, session_id uuid, person_id uuid, tenant_id uuid)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  given platform.refresh_tokens;
  family platform.sessions;
BEGIN
  SELECT * INTO given FROM platform.refresh_tokens t WHERE t.token_hash = token FOR UPDATE;
  SELECT * INTO family FROM platform.sessions s WHERE s.id = given.session_id FOR UPDATE;
  IF family.id IS NULL OR family.ended_at IS NOT NULL OR family.expires_at <= at OR given.expires_at <= at THEN
    RETURN QUERY SELECT 'refused', family.id, family.person_id, family.current_tenant;
  ELSIF given.used_at IS NULL THEN
    UPDATE platform.refresh_tokens t SET used_at = at, successor_hash = successor WHERE t.token_hash = token;
    INSERT INTO platform.refresh_tokens (token_hash, session_id, expires_at) VALUES (successor, family.id, token_ends);
    DELETE FROM platform.refresh_tokens t WHERE t.session_id = family.id AND t.expires_at <= at;
    UPDATE platform.sessions s SET last_used_at = at, user_agent = agent, address = from_address WHERE s.id = family.id;
    RETURN QUERY SELECT 'rotated', family.id, family.person_id, family.current_tenant;
  ELSIF given.used_at > at - grace AND given.successor_hash = successor
    AND EXISTS (SELECT FROM platform.refresh_tokens t WHERE t.token_hash = successor AND t.used_at IS NULL) THEN
    RETURN QUERY SELECT 'repeated', family.id, family.person_id, family.current_tenant;
  ELSE
    PERFORM platform.end_session(family.id, at);
    RETURN QUERY SELECT 'reused', family.id, family.person_id, family.current_tenant;
  END IF;
END $$;
SELECT app.reviewed('platform.use_refresh_token(bytea, bytea, text, text, timestamptz, timestamptz, interval)');

CREATE FUNCTION platform.session_of_token(token bytea) RETURNS uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT session_id FROM platform.refresh_tokens WHERE token_hash = token
$$;
SELECT app.reviewed('platform.session_of_token(bytea)');

-- The person of the session goes to another company that they are a member of; no row when they are not.
CREATE FUNCTION platform.switch_session(session uuid, tenant uuid, at timestamptz) RETURNS SETOF uuid
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE platform.sessions s SET current_tenant = tenant, last_used_at = at
  WHERE s.id = session AND s.ended_at IS NULL AND s.expires_at > at
    AND EXISTS (SELECT FROM platform.memberships m
      WHERE m.tenant_id = tenant AND m.person_id = s.person_id AND m.ended_at IS NULL)
  RETURNING s.person_id
$$;
SELECT app.reviewed('platform.switch_session(uuid, uuid, timestamptz)');

-- What a member may do and who they are, in one row; no row when they are not a member.
CREATE FUNCTION platform.access_of_person(tenant uuid, person uuid)
  RETURNS TABLE (tenant_id uuid, tenant_name text, person_id uuid, person_name text, email text, locale text, role text,
    domains_off text[])
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.tenant_id, c.name, p.id, p.name, p.email, p.locale, m.role,
    ARRAY(SELECT o.domain FROM platform.domains_off o WHERE o.tenant_id = c.tenant_id)
  FROM platform.memberships m
    JOIN platform.tenants c ON c.tenant_id = m.tenant_id
    JOIN platform.people p ON p.id = m.person_id
  WHERE m.tenant_id = tenant AND m.person_id = person AND m.ended_at IS NULL
$$;
SELECT app.reviewed('platform.access_of_person(uuid, uuid)');

-- The same for a live session; it also notes, at most once a minute, that the session was used.
CREATE FUNCTION platform.access_of_session(session uuid, tenant uuid, person uuid, at timestamptz)
  RETURNS TABLE (tenant_id uuid, tenant_name text, person_id uuid, person_name text, email text, locale text, role text,
    domains_off text[])
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM FROM platform.sessions s
    WHERE s.id = session AND s.person_id = person AND s.ended_at IS NULL AND s.expires_at > at;
  IF NOT FOUND THEN RETURN; END IF;
  UPDATE platform.sessions s SET last_used_at = at WHERE s.id = session AND s.last_used_at < at - interval '1 minute';
  RETURN QUERY SELECT * FROM platform.access_of_person(tenant, person);
END $$;
SELECT app.reviewed('platform.access_of_session(uuid, uuid, uuid, timestamptz)');

-- The same for a live API key, with what is needed to check its secret.
CREATE FUNCTION platform.access_of_key(key uuid, at timestamptz)
  RETURNS TABLE (tenant_id uuid, tenant_name text, person_id uuid, person_name text, email text, locale text, role text,
    domains_off text[], key_name text, scopes text[], secret_hash bytea, expires_at timestamptz)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  found platform.api_keys;
BEGIN
  SELECT * INTO found FROM platform.api_keys k
    WHERE k.id = key AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > at);
  IF found.id IS NULL THEN RETURN; END IF;
  UPDATE platform.api_keys k SET last_used_at = at
    WHERE k.tenant_id = found.tenant_id AND k.id = key
      AND (k.last_used_at IS NULL OR k.last_used_at < at - interval '1 minute');
  RETURN QUERY SELECT a.*, found.name, found.scopes, found.secret_hash, found.expires_at
    FROM platform.access_of_person(found.tenant_id, found.person_id) a;
END $$;
SELECT app.reviewed('platform.access_of_key(uuid, timestamptz)');

-- Every process listens: what it remembers of this id (a tenant, a person, a session or a key) no longer holds.
CREATE FUNCTION platform.tell_access() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_notify('tekup_access', to_jsonb(coalesce(NEW, OLD)) ->> TG_ARGV[0]);
  RETURN NULL;
END $$;

CREATE TRIGGER tell_access AFTER UPDATE ON platform.tenants
  FOR EACH ROW EXECUTE FUNCTION platform.tell_access('tenant_id');
CREATE TRIGGER tell_access AFTER INSERT OR DELETE ON platform.domains_off
  FOR EACH ROW EXECUTE FUNCTION platform.tell_access('tenant_id');
CREATE TRIGGER tell_access AFTER INSERT OR UPDATE OR DELETE ON platform.memberships
  FOR EACH ROW EXECUTE FUNCTION platform.tell_access('tenant_id');
CREATE TRIGGER tell_access AFTER UPDATE OF name, locale ON platform.people
  FOR EACH ROW EXECUTE FUNCTION platform.tell_access('id');
CREATE TRIGGER tell_access AFTER UPDATE OF revoked_at ON platform.api_keys
  FOR EACH ROW EXECUTE FUNCTION platform.tell_access('id');
CREATE TRIGGER tell_access AFTER UPDATE OF ended_at ON platform.sessions
  FOR EACH ROW EXECUTE FUNCTION platform.tell_access('id');
