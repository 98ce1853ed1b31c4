-- One-use tickets with which a browser opens a WebSocket: it can send no header of its own there. Only hashes are kept, for
-- half a minute; any process takes one. A crash loses them, which costs a new one.
CREATE UNLOGGED TABLE platform.live_tickets (
  token_hash bytea PRIMARY KEY,
  for_tenant uuid NOT NULL,
  person_id uuid NOT NULL,
  session_id uuid,
  key_id uuid,
  expires_at timestamptz NOT NULL
);
CREATE INDEX live_tickets_by_end ON platform.live_tickets (expires_at);
ALTER TABLE platform.live_tickets ENABLE ROW LEVEL SECURITY;
ALTER TABLE platform.live_tickets FORCE ROW LEVEL SECURITY;
SELECT app.open_to_reviewed('platform.live_tickets', 'SELECT, INSERT, DELETE');

CREATE FUNCTION platform.keep_ticket(
  ticket bytea, tenant uuid, person uuid, session uuid, key uuid, at timestamptz, ends timestamptz) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  DELETE FROM platform.live_tickets WHERE expires_at <= at;
  INSERT INTO platform.live_tickets VALUES (ticket, tenant, person, session, key, ends);
$$;
SELECT app.reviewed('platform.keep_ticket(bytea, uuid, uuid, uuid, uuid, timestamptz, timestamptz)');

-- Whose ticket it is, once; no row when it is unknown, used or too old.
CREATE FUNCTION platform.use_ticket(ticket bytea, at timestamptz)
  RETURNS TABLE (tenant_id uuid, person_id uuid, session_id uuid, key_id uuid)
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  DELETE FROM platform.live_tickets t WHERE t.token_hash = ticket AND t.expires_at > at
  RETURNING t.for_tenant, t.person_id, t.session_id, t.key_id
$$;
SELECT app.reviewed('platform.use_ticket(bytea, timestamptz)');
