-- What happened: the audit trail, the outbox of events, and the outcomes of calls that carried an idempotency key.

CREATE TABLE platform.audit (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  at timestamptz NOT NULL,
  actor_kind text NOT NULL CHECK (actor_kind IN ('person', 'key', 'agent', 'job', 'platform')),
  actor_id text NOT NULL,
  actor_name text NOT NULL,
  person_id uuid,
  operation text NOT NULL,
  effect text NOT NULL CHECK (effect IN ('read', 'write', 'send', 'destroy')),
  outcome text NOT NULL CHECK (outcome IN ('done', 'refused', 'failed')),
  code text,
  surface text NOT NULL,
  conversation_id uuid,
  request_id text NOT NULL,
  subject_id text,
  input jsonb,
  PRIMARY KEY (tenant_id, id)
);
SELECT app.isolate('platform.audit');
-- A trail is added to and read; nobody who serves requests can change or remove a line of it.
REVOKE UPDATE, DELETE ON platform.audit FROM tekup_app;
SELECT app.open_to_reviewed('platform.audit', 'INSERT');
CREATE INDEX audit_by_time ON platform.audit (tenant_id, at DESC, id DESC);
CREATE INDEX audit_by_operation ON platform.audit (tenant_id, operation, at DESC);

-- Reads of many tenants are recorded together, in one insert and one commit.
CREATE FUNCTION platform.record_audit(lines jsonb) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO platform.audit
  SELECT * FROM jsonb_to_recordset(lines) AS line(
    tenant_id uuid, id uuid, at timestamptz, actor_kind text, actor_id text, actor_name text, person_id uuid,
    operation text, effect text, outcome text, code text, surface text, conversation_id uuid, request_id text,
    subject_id text, input jsonb)
$$;
GRANT CREATE ON SCHEMA platform TO tekup_definer;
SELECT app.reviewed('platform.record_audit(jsonb)');

CREATE TABLE platform.outbox (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  type text NOT NULL,
  version integer NOT NULL,
  payload jsonb NOT NULL,
  actor jsonb NOT NULL,
  request_id text NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
SELECT app.isolate('platform.outbox');

CREATE TABLE platform.idempotency (
  tenant_id uuid NOT NULL,
  actor_id text NOT NULL,
  key text NOT NULL,
  operation text NOT NULL,
  input_hash text NOT NULL,
  output jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, actor_id, key)
);
SELECT app.isolate('platform.idempotency');
