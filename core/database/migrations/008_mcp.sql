-- Programs that people connect (MCP clients that come by OAuth), their tokens, and what the MCP surface remembers.

-- Clients belong to no company: anybody's program may introduce itself, and is nothing until a person connects it.
CREATE TABLE platform.oauth_clients (
  -- A UUID for one that registered, the address of its metadata document for one that has one.
  id text PRIMARY KEY CHECK (char_length(id) BETWEEN 1 AND 500),
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
  redirect_uris text[] NOT NULL CHECK (cardinality(redirect_uris) BETWEEN 1 AND 20),
  -- Until when the metadata document need not be read again; NULL for one that registered.
  fresh_until timestamptz,
  created_at timestamptz NOT NULL
);
ALTER TABLE platform.oauth_clients ENABLE ROW LEVEL SECURITY;
ALTER TABLE platform.oauth_clients FORCE ROW LEVEL SECURITY;
SELECT app.open_to_reviewed('platform.oauth_clients', 'SELECT, INSERT, UPDATE, DELETE');

CREATE TABLE platform.connections (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  person_id uuid NOT NULL,
  client_id text NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  -- What the person let it do: effects of operations, and whether a yes given in the program counts as theirs.
  scopes text[] NOT NULL,
  -- The address that its tokens are for (RFC 8707).
  resource text NOT NULL,
  last_used_at timestamptz,
  revoked_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, person_id) REFERENCES platform.memberships (tenant_id, person_id)
);
CREATE INDEX connections_of_person ON platform.connections (tenant_id, person_id, created_at DESC);
CREATE INDEX connections_by_id ON platform.connections USING hash (id);
SELECT app.isolate('platform.connections');
REVOKE UPDATE, DELETE ON platform.connections FROM tekup_app;
GRANT UPDATE (revoked_at) ON platform.connections TO tekup_app;
SELECT app.open_to_reviewed('platform.connections', 'SELECT, UPDATE');
CREATE TRIGGER tell_access AFTER UPDATE OF revoked_at ON platform.connections
  FOR EACH ROW EXECUTE FUNCTION platform.tell_access('id');

-- Only hashes are kept; a connection is the family of its refresh tokens.
CREATE TABLE platform.oauth_codes (
  code_hash bytea PRIMARY KEY,
  connection_id uuid NOT NULL,
  client_id text NOT NULL,
  redirect_uri text NOT NULL,
  -- The S256 challenge of RFC 7636.
  challenge text NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE TABLE platform.connection_tokens (
  token_hash bytea PRIMARY KEY,
  connection_id uuid NOT NULL,
  successor_hash bytea,
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX tokens_of_connection ON platform.connection_tokens (connection_id);
ALTER TABLE platform.oauth_codes ENABLE ROW LEVEL SECURITY;
ALTER TABLE platform.oauth_codes FORCE ROW LEVEL SECURITY;
ALTER TABLE platform.connection_tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE platform.connection_tokens FORCE ROW LEVEL SECURITY;
SELECT app.open_to_reviewed('platform.oauth_codes', 'SELECT, INSERT, UPDATE, DELETE');
SELECT app.open_to_reviewed('platform.connection_tokens', 'SELECT, INSERT, UPDATE, DELETE');

-- Keeps a client, or what its metadata document says now; drops registrations that nobody connected in a month.
CREATE FUNCTION platform.keep_oauth_client(client text, called text, redirects text[], fresh timestamptz, at timestamptz)
  RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  DELETE FROM platform.oauth_clients c WHERE c.created_at < at - interval '30 days'
    AND NOT EXISTS (SELECT FROM platform.connections n WHERE n.client_id = c.id AND n.revoked_at IS NULL);
  INSERT INTO platform.oauth_clients (id, name, redirect_uris, fresh_until, created_at)
  VALUES (client, called, redirects, fresh, at)
  ON CONFLICT (id) DO UPDATE SET name = called, redirect_uris = redirects, fresh_until = fresh;
$$;
SELECT app.reviewed('platform.keep_oauth_client(text, text, text[], timestamptz, timestamptz)');

CREATE FUNCTION platform.oauth_client(client text)
  RETURNS TABLE (id text, name text, redirect_uris text[], fresh_until timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.id, c.name, c.redirect_uris, c.fresh_until FROM platform.oauth_clients c WHERE c.id = client
$$;
SELECT app.reviewed('platform.oauth_client(text)');

-- A code for a connection of this tenant; false when it is not one.
CREATE FUNCTION platform.issue_oauth_code(
  code bytea, connection uuid, redirect text, challenge_text text, ends timestamptz) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM platform.oauth_codes c WHERE c.expires_at < ends - interval '1 day';
  INSERT INTO platform.oauth_codes (code_hash, connection_id, client_id, redirect_uri, challenge, expires_at)
  SELECT code, n.id, n.client_id, redirect, challenge_text, ends FROM platform.connections n
  WHERE n.tenant_id = app.required_tenant() AND n.id = connection AND n.revoked_at IS NULL;
  RETURN FOUND;
END $$;
SELECT app.reviewed('platform.issue_oauth_code(bytea, uuid, text, text, timestamptz)');

CREATE FUNCTION platform.end_connection(connection uuid, at timestamptz) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE platform.connections SET revoked_at = at WHERE id = connection AND revoked_at IS NULL;
  DELETE FROM platform.connection_tokens WHERE connection_id = connection;
$$;
SELECT app.reviewed('platform.end_connection(uuid, timestamptz)');

-- Uses a code once. A second use, or a wrong verifier, ends the connection (RFC 9700, section 4.5; RFC 6749, 4.1.2).
CREATE FUNCTION platform.use_oauth_code(
  code bytea, client text, redirect text, challenge_text text, first_token bytea, at timestamptz, token_ends timestamptz)
  RETURNS TABLE (tenant_id uuid, connection_id uuid, person_id uuid, resource text, scopes text[])
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  given platform.oauth_codes;
BEGIN
  SELECT * INTO given FROM platform.oauth_codes c WHERE c.code_hash = code FOR UPDATE;
  IF given.code_hash IS NULL THEN RETURN; END IF;
  IF given.used_at IS NOT NULL OR given.expires_at <= at OR given.client_id <> client OR given.redirect_uri <> redirect
    OR given.challenge <> challenge_text THEN
    PERFORM platform.end_connection(given.connection_id, at);
    RETURN;
  END IF;
  UPDATE platform.oauth_codes c SET used_at = at WHERE c.code_hash = code;
  INSERT INTO platform.connection_tokens (token_hash, connection_id, expires_at)
  VALUES (first_token, given.connection_id, token_ends);
  RETURN QUERY SELECT n.tenant_id, n.id, n.person_id, n.resource, n.scopes FROM platform.connections n
    WHERE n.id = given.connection_id AND n.revoked_at IS NULL;
END $$;
SELECT app.reviewed('platform.use_oauth_code(bytea, text, text, text, bytea, timestamptz, timestamptz)');

-- Uses a refresh token once, as sessions do: the same again within the grace gets the same successor, a replay later
-- ends the connection. No row: refused. (RFC 9700, section 4.14.2)
CREATE FUNCTION platform.use_connection_token(
  token bytea, successor bytea, client text, at timestamptz, token_ends timestamptz, grace interval)
  RETURNS TABLE (tenant_id uuid, connection_id uuid, person_id uuid, resource text, scopes text[])
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  given platform.connection_tokens;
  family platform.connections;
BEGIN
  SELECT * INTO given FROM platform.connection_tokens t WHERE t.token_hash = token FOR UPDATE;
  SELECT * INTO family FROM platform.connections n WHERE n.id = given.connection_id;
  IF family.id IS NULL OR family.revoked_at IS NOT NULL OR family.client_id <> client OR given.expires_at <= at THEN
    RETURN;
  ELSIF given.used_at IS NULL THEN
    UPDATE platform.connection_tokens t SET used_at = at, successor_hash = successor WHERE t.token_hash = token;
    INSERT INTO platform.connection_tokens (token_hash, connection_id, expires_at) VALUES (successor, family.id, token_ends);
    DELETE FROM platform.connection_tokens t WHERE t.connection_id = family.id AND t.expires_at <= at;
  ELSIF NOT (given.used_at > at - grace AND given.successor_hash = successor
    AND EXISTS (SELECT FROM platform.connection_tokens t WHERE t.token_hash = successor AND t.used_at IS NULL)) THEN
    PERFORM platform.end_connection(family.id, at);
    RETURN;
  END IF;
  RETURN QUERY SELECT family.tenant_id, family.id, family.person_id, family.resource, family.scopes;
END $$;
SELECT app.reviewed('platform.use_connection_token(bytea, bytea, text, timestamptz, timestamptz, interval)');

CREATE FUNCTION platform.connection_of_token(token bytea) RETURNS uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT connection_id FROM platform.connection_tokens WHERE token_hash = token
$$;
SELECT app.reviewed('platform.connection_of_token(bytea)');

-- What the program of a live connection may do, in the row of its person; notes at most once a minute that it was used.
CREATE FUNCTION platform.access_of_connection(connection uuid, at timestamptz)
  RETURNS TABLE (tenant_id uuid, tenant_name text, person_id uuid, person_name text, email text, locale text, role text,
    domains_off text[], connection_name text, scopes text[])
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  found platform.connections;
BEGIN
  SELECT * INTO found FROM platform.connections n WHERE n.id = connection AND n.revoked_at IS NULL;
  IF found.id IS NULL THEN RETURN; END IF;
  UPDATE platform.connections n SET last_used_at = at
    WHERE n.tenant_id = found.tenant_id AND n.id = connection
      AND (n.last_used_at IS NULL OR n.last_used_at < at - interval '1 minute');
  RETURN QUERY SELECT a.*, found.name, found.scopes FROM platform.access_of_person(found.tenant_id, found.person_id) a;
END $$;
SELECT app.reviewed('platform.access_of_connection(uuid, timestamptz)');

-- Sessions of the 2025 revisions. A credential of its own is needed with every request; a session id opens nothing.
CREATE TABLE platform.mcp_sessions (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  -- The key, connection or sign-in that opened it.
  credential_id uuid NOT NULL,
  protocol text NOT NULL,
  -- What the client said of itself: which questions it can put to its person.
  capabilities jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (tenant_id, id)
);
SELECT app.isolate('platform.mcp_sessions');

-- Answers of clients to questions, left where the process that asked finds them.
CREATE TABLE platform.mcp_answers (
  tenant_id uuid NOT NULL,
  session_id uuid NOT NULL,
  id uuid NOT NULL,
  answer jsonb NOT NULL,
  PRIMARY KEY (tenant_id, session_id, id),
  FOREIGN KEY (tenant_id, session_id) REFERENCES platform.mcp_sessions ON DELETE CASCADE
);
SELECT app.isolate('platform.mcp_answers');

-- Credentials whose program has read outsiders' words. The row is the label: it is made, and never unmade.
CREATE TABLE platform.mcp_untrusted (
  tenant_id uuid NOT NULL,
  credential_id uuid NOT NULL,
  operation text NOT NULL,
  since timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, credential_id)
);
SELECT app.isolate('platform.mcp_untrusted');
REVOKE UPDATE, DELETE ON platform.mcp_untrusted FROM tekup_app;
