-- A turn is kept as long as there is something to do for it: with the answer its row goes, and the reply says what it answers. A turn
-- has the id of its reply, so that both are found by one. One that failed or was stopped stays, since it can be gone on with.

-- The message that a reply answers.
ALTER TABLE platform.messages ADD COLUMN answers uuid;

-- Row-level security binds this file too, where it is forced.
ALTER TABLE platform.messages NO FORCE ROW LEVEL SECURITY;
ALTER TABLE platform.turns NO FORCE ROW LEVEL SECURITY;
ALTER TABLE platform.idempotency NO FORCE ROW LEVEL SECURITY;
UPDATE platform.messages r SET answers = t.message_id FROM platform.turns t WHERE r.tenant_id = t.tenant_id AND r.id = t.reply_id;
DELETE FROM platform.turns WHERE status = 'done';
-- The calls of a turn have keys that begin with its id.
UPDATE platform.idempotency i SET key = t.reply_id || substr(i.key, 37) FROM platform.turns t
WHERE i.tenant_id = t.tenant_id AND starts_with(i.key, t.id::text);
UPDATE platform.turns SET id = reply_id;
ALTER TABLE platform.messages FORCE ROW LEVEL SECURITY;
ALTER TABLE platform.turns FORCE ROW LEVEL SECURITY;
ALTER TABLE platform.idempotency FORCE ROW LEVEL SECURITY;

ALTER TABLE platform.turns DROP COLUMN reply_id, DROP COLUMN ended_at,
  DROP CONSTRAINT turns_status_check, ADD CONSTRAINT turns_status_check CHECK (status IN ('waiting', 'running', 'failed', 'stopped'));
-- What is unfinished is nearly all that is left.
DROP INDEX platform.turns_unfinished;

-- Ends a turn whose process is gone; `said` is its reply in each language.
CREATE OR REPLACE FUNCTION platform.end_abandoned_turn(conversation uuid, turn uuid, said jsonb) RETURNS void
  LANGUAGE sql AS $$
  WITH ended AS (
    UPDATE platform.turns t SET status = 'failed', code = 'interrupted'
    WHERE t.tenant_id = app.required_tenant() AND t.conversation_id = conversation AND t.id = turn
      AND t.status IN ('waiting', 'running') AND t.lease_until < now()
    RETURNING t.tenant_id, t.id)
  UPDATE platform.messages r SET status = 'failed', text = said->>r.locale
  FROM ended WHERE r.tenant_id = ended.tenant_id AND r.id = ended.id
$$;

CREATE OR REPLACE FUNCTION platform.stop_turns(conversation uuid, person uuid, message uuid, said jsonb) RETURNS void
  LANGUAGE sql AS $$
  WITH asked AS (
    UPDATE platform.turns t SET stop_asked = true, status = CASE t.status WHEN 'waiting' THEN 'stopped' ELSE t.status END
    WHERE t.tenant_id = app.required_tenant() AND t.conversation_id = conversation AND t.person_id = person
      AND t.status IN ('waiting', 'running') AND (message IS NULL OR t.message_id = message)
    RETURNING t.tenant_id, t.id, t.status)
  UPDATE platform.messages r SET status = 'stopped', text = said->>r.locale
  FROM asked WHERE asked.status = 'stopped' AND r.tenant_id = asked.tenant_id AND r.id = asked.id
$$;

-- As before; the turn has the id of the reply, which comes soon after its message.
CREATE OR REPLACE FUNCTION platform.known_delivery(sent jsonb) RETURNS jsonb
  LANGUAGE plpgsql AS $$
DECLARE known record;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(concat_ws(':', app.required_tenant(), sent->>'person', sent->>'key'), 0));
  SELECT m.conversation_id, m.id, m.text, (
    SELECT r.id FROM platform.messages r
    WHERE r.tenant_id = m.tenant_id AND r.conversation_id = m.conversation_id AND r.id > m.id AND r.answers = m.id
    ORDER BY r.id LIMIT 1) AS reply INTO known
  FROM platform.messages m
  WHERE m.tenant_id = app.required_tenant() AND m.person_id = (sent->>'person')::uuid AND m.delivery_key = sent->>'key';
  IF NOT FOUND THEN RETURN NULL; END IF;
  IF known.text <> sent->>'text' OR coalesce((sent->>'conversation')::uuid, known.conversation_id) <> known.conversation_id THEN
    RETURN '{"refusal": "idempotency_mismatch"}';
  END IF;
  RETURN jsonb_build_object('conversation', known.conversation_id, 'message', known.id, 'reply', known.reply);
END $$;

CREATE OR REPLACE FUNCTION platform.receive_message(sent jsonb, said jsonb) RETURNS jsonb
  LANGUAGE plpgsql AS $$
DECLARE
  known jsonb;
  c platform.conversations;
  asked uuid := (sent->>'message')::uuid;
  reply uuid := (sent->>'reply')::uuid;
  moment timestamptz := (sent->>'at')::timestamptz;
  unfinished record;
  claimed boolean := true;
  latest text;
BEGIN
  IF sent->>'key' IS NOT NULL THEN
    known := platform.known_delivery(sent);
    IF known IS NOT NULL THEN RETURN known; END IF;
  END IF;
  c := platform.enter_conversation(sent);
  IF c.id IS NULL THEN RETURN '{"refusal": "not_found"}'; END IF;
  IF sent->>'conversation' IS NOT NULL THEN
    SELECT coalesce(bool_or(t.lease_until < now()), false) AS is_abandoned,
      coalesce(bool_or(t.lease_until >= now() AND (t.status = 'running' OR t.id < reply)), false) AS is_ahead INTO unfinished
    FROM platform.turns t
    WHERE t.tenant_id = c.tenant_id AND t.conversation_id = c.id AND t.status IN ('waiting', 'running');
    IF unfinished.is_abandoned THEN PERFORM platform.end_abandoned_before(c.id, reply, said); END IF;
    claimed := NOT unfinished.is_ahead;
  END IF;
  WITH words AS (
    INSERT INTO platform.messages
      (tenant_id, id, conversation_id, person_id, role, text, locale, status, delivery_key, at, answers)
    VALUES
      (c.tenant_id, asked, c.id, c.person_id, 'person', sent->>'text', sent->>'locale', 'done', sent->>'key', moment, NULL),
      (c.tenant_id, reply, c.id, c.person_id, 'agent', '', sent->>'locale', 'running', NULL, moment, asked)),
  turns AS (
    INSERT INTO platform.turns (tenant_id, id, conversation_id, person_id, message_id, surface, status, attempt, lease_until)
    VALUES (c.tenant_id, reply, c.id, c.person_id, asked, sent->>'surface',
      CASE WHEN claimed THEN 'running' ELSE 'waiting' END, claimed::integer,
      now() + make_interval(secs => (sent->>'leaseSeconds')::integer)))
  SELECT max(m.mark)::text INTO latest FROM platform.marks m WHERE m.tenant_id = c.tenant_id;
  RETURN jsonb_build_object('conversation', c.id, 'message', asked, 'reply', reply, 'claimed', claimed,
    'agent', c.agent_id, 'untrusted', c.untrusted, 'mark', latest,
    'purse', CASE WHEN claimed AND sent ? 'purse' THEN platform.reserve_purse(sent->'purse') END);
END $$;
