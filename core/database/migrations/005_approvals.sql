-- What an agent may do only when a person has said so: the questions, what is always allowed, and the company's own policy.

CREATE TABLE platform.approvals (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  -- Who asked: an agent, for a person, in a conversation where there was one.
  person_id uuid NOT NULL,
  agent_id text NOT NULL,
  agent_name text NOT NULL,
  conversation_id uuid,
  surface text NOT NULL,
  locale text NOT NULL CHECK (locale IN ('da', 'en')),
  -- The conversation had seen outsiders' words when it was asked.
  untrusted boolean NOT NULL,
  -- The asker's idempotency key: a repeat of the call is the same question.
  request_key text,
  -- What was asked. The input is canonical JSON, byte for byte what its hash was made of and what will run.
  operation text NOT NULL,
  effect text NOT NULL CHECK (effect IN ('write', 'send', 'destroy')),
  permission text NOT NULL,
  plugin_version text NOT NULL,
  input text NOT NULL,
  input_hash text NOT NULL CHECK (input_hash ~ '^[0-9a-f]{64}$'),
  -- The version of the thing as the card shows it.
  subject_version integer,
  -- What a person reads, in both languages: title, summary, fields.
  words jsonb NOT NULL,
  -- The fields that "always allow this" would hold fast; NULL where it is not to be had.
  pins jsonb,
  deciders text NOT NULL CHECK (deciders IN ('asker', 'permitted')),
  expires_at timestamptz NOT NULL,
  status text NOT NULL DEFAULT 'pending'
    CHECK (status IN ('pending', 'approved', 'done', 'failed', 'rejected', 'void', 'expired')),
  decided_by uuid,
  decided_at timestamptz,
  -- Carrying out: how often it was begun, and when last.
  attempts integer NOT NULL DEFAULT 0,
  tried_at timestamptz,
  -- How it ended, in both languages, with the code of a refusal or the answer of the operation.
  code text,
  outcome jsonb,
  output jsonb,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, person_id, agent_id, request_key),
  CHECK ((status IN ('pending', 'expired')) = (decided_by IS NULL)),
  CHECK ((status IN ('pending', 'approved')) = (outcome IS NULL)),
  FOREIGN KEY (tenant_id, conversation_id) REFERENCES platform.conversations ON DELETE SET NULL (conversation_id)
);
SELECT app.isolate('platform.approvals');
REVOKE DELETE ON platform.approvals FROM tekup_app;
CREATE TRIGGER touch BEFORE UPDATE ON platform.approvals FOR EACH ROW EXECUTE FUNCTION app.touch();
CREATE INDEX approvals_by_time ON platform.approvals (tenant_id, created_at DESC, id DESC);
CREATE INDEX approvals_of_conversation ON platform.approvals (tenant_id, conversation_id);
CREATE INDEX approvals_unfinished ON platform.approvals (tenant_id, status, expires_at) WHERE status IN ('pending', 'approved');
-- Asking the same again while it waits is the same question.
CREATE UNIQUE INDEX approvals_once ON platform.approvals
  (tenant_id, person_id, agent_id, coalesce(conversation_id, '00000000-0000-0000-0000-000000000000'), input_hash)
  WHERE status = 'pending';

-- What was asked and what became of it never changes; only how far it has come does, and only forwards.
CREATE FUNCTION platform.keep_approval() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF (NEW.person_id, NEW.agent_id, NEW.operation, NEW.effect, NEW.permission, NEW.plugin_version, NEW.input, NEW.input_hash,
      NEW.words, NEW.deciders, NEW.untrusted) IS DISTINCT FROM
     (OLD.person_id, OLD.agent_id, OLD.operation, OLD.effect, OLD.permission, OLD.plugin_version, OLD.input, OLD.input_hash,
      OLD.words, OLD.deciders, OLD.untrusted) THEN
    RAISE EXCEPTION 'what was asked cannot be changed';
  END IF;
  IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
      ('pending', 'approved'), ('pending', 'rejected'), ('pending', 'expired'),
      ('approved', 'done'), ('approved', 'failed'), ('approved', 'void')) THEN
    RAISE EXCEPTION 'an approval that is % does not become %', OLD.status, NEW.status;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER only_forwards BEFORE UPDATE ON platform.approvals FOR EACH ROW EXECUTE FUNCTION platform.keep_approval();

-- "Always allow this": one operation of one agent for one person, with these fields exactly so.
CREATE TABLE platform.grants (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  person_id uuid NOT NULL,
  agent_id text NOT NULL,
  agent_name text NOT NULL,
  operation text NOT NULL,
  pinned jsonb NOT NULL CHECK (pinned <> '{}'),
  -- What a person reads, in both languages: title, fields.
  words jsonb NOT NULL,
  approval_id uuid NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  uses integer NOT NULL DEFAULT 0,
  used_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, approval_id) REFERENCES platform.approvals
);
SELECT app.isolate('platform.grants');
REVOKE DELETE ON platform.grants FROM tekup_app;
CREATE TRIGGER touch BEFORE UPDATE ON platform.grants FOR EACH ROW EXECUTE FUNCTION app.touch();
CREATE INDEX grants_of_person ON platform.grants (tenant_id, person_id, operation);
CREATE INDEX grants_by_time ON platform.grants (tenant_id, created_at DESC, id DESC);
CREATE INDEX grants_of_approval ON platform.grants (tenant_id, approval_id);

-- What a company wants to be asked about beyond what everybody is; without a row, nothing.
CREATE TABLE platform.approval_policy (
  tenant_id uuid PRIMARY KEY,
  writes boolean NOT NULL,
  operations text[] NOT NULL,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
SELECT app.isolate('platform.approval_policy');
CREATE TRIGGER touch BEFORE UPDATE ON platform.approval_policy FOR EACH ROW EXECUTE FUNCTION app.touch();

-- The calls of a reply as they stand now: one that waited for a person takes over how its approval ended.
CREATE FUNCTION platform.settled_calls(calls jsonb) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN NOT calls @> '[{"status": "waiting"}]' THEN calls ELSE (
    SELECT jsonb_agg(CASE WHEN a.outcome IS NULL THEN call ELSE (call - 'error') || jsonb_build_object(
        'status', CASE a.status WHEN 'done' THEN 'done' WHEN 'failed' THEN 'failed' ELSE 'refused' END,
        'summary', a.outcome ->> a.locale) || CASE a.status WHEN 'done' THEN jsonb_build_object('output', a.output)
        ELSE jsonb_build_object('error', jsonb_build_object('code', a.code, 'message', a.outcome ->> a.locale)) END END
      ORDER BY place)
    FROM jsonb_array_elements(calls) WITH ORDINALITY AS each(call, place)
      LEFT JOIN platform.approvals a ON a.tenant_id = (SELECT app.tenant())
        AND call ->> 'status' = 'waiting' AND a.id = (call #>> '{approval,id}')::uuid) END
$$;

-- Across companies, for the timer: what was approved and not carried out, and what nobody decided in time.
SELECT app.open_to_reviewed('platform.approvals', 'SELECT, UPDATE');
CREATE FUNCTION platform.unfinished_approvals(idle_seconds integer, most integer) RETURNS TABLE (tenant_id uuid, id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT a.tenant_id, a.id FROM platform.approvals a
  WHERE a.status = 'approved' AND coalesce(a.tried_at, a.decided_at) < now() - make_interval(secs => idle_seconds)
  ORDER BY a.decided_at LIMIT most
$$;
SELECT app.reviewed('platform.unfinished_approvals(integer, integer)');
CREATE FUNCTION platform.expire_approvals(saying jsonb) RETURNS integer
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH expired AS (
    UPDATE platform.approvals a SET status = 'expired', code = 'approval_expired', outcome = saying
    WHERE a.status = 'pending' AND a.expires_at <= now() RETURNING 1)
  SELECT count(*)::integer FROM expired
$$;
SELECT app.reviewed('platform.expire_approvals(jsonb)');
