-- A message and the turn that answers it in one exchange, and rows whose later changes touch no index.

-- Ids of messages grow with time; `at` of a reply moves when it is done, and an index that held it would be written anew.
DROP INDEX platform.messages_of_conversation;
CREATE INDEX messages_of_conversation ON platform.messages (tenant_id, conversation_id, id);

-- Only channels that repeat themselves give a key.
ALTER TABLE platform.messages DROP CONSTRAINT messages_tenant_id_person_id_delivery_key_key;
CREATE UNIQUE INDEX messages_by_delivery ON platform.messages (tenant_id, person_id, delivery_key)
  WHERE delivery_key IS NOT NULL;

-- A turn is found by its conversation and goes with it, as its message and its reply do.
ALTER TABLE platform.turns
  DROP CONSTRAINT turns_tenant_id_message_id_fkey, DROP CONSTRAINT turns_tenant_id_reply_id_fkey,
  DROP CONSTRAINT turns_tenant_id_message_id_key, DROP CONSTRAINT turns_tenant_id_reply_id_key;

-- Ends a turn whose process is gone; `said` is its reply in each language.
CREATE FUNCTION platform.end_abandoned_turn(turn uuid, said jsonb) RETURNS void
  LANGUAGE sql AS $$
  WITH ended AS (
    UPDATE platform.turns t SET status = 'failed', code = 'interrupted', ended_at = now()
    WHERE t.tenant_id = app.required_tenant() AND t.id = turn AND t.status IN ('waiting', 'running') AND t.lease_until < now()
    RETURNING t.tenant_id, t.reply_id)
  UPDATE platform.messages r SET status = 'failed', text = said->>r.locale
  FROM ended WHERE r.tenant_id = ended.tenant_id AND r.id = ended.reply_id
$$;

-- Ends those that come before a turn in its conversation, so that it goes on without them.
CREATE FUNCTION platform.end_abandoned_before(conversation uuid, turn uuid, said jsonb) RETURNS void
  LANGUAGE plpgsql AS $$
BEGIN
  PERFORM platform.end_abandoned_turn(t.id, said) FROM platform.turns t
  WHERE t.tenant_id = app.required_tenant() AND t.conversation_id = conversation AND t.id < turn
    AND t.status IN ('waiting', 'running') AND t.lease_until < now();
END $$;

-- Whether somebody is at another turn that has to be over before this one.
CREATE FUNCTION platform.turn_is_blocked(conversation uuid, turn uuid) RETURNS boolean
  LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM platform.turns b
    WHERE b.tenant_id = app.required_tenant() AND b.conversation_id = conversation AND b.id <> turn AND b.lease_until >= now()
      AND (b.status = 'running' OR b.status = 'waiting' AND b.id < turn))
$$;

-- What an earlier delivery of a message left. Deliveries of one message meet on the lock of its key until they are committed.
CREATE FUNCTION platform.known_delivery(sent jsonb) RETURNS jsonb
  LANGUAGE plpgsql AS $$
DECLARE known record;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(concat_ws(':', app.required_tenant(), sent->>'person', sent->>'key'), 0));
  SELECT m.conversation_id, m.id, t.id AS turn_id, m.text INTO known
  FROM platform.messages m JOIN platform.turns t
    ON t.tenant_id = m.tenant_id AND t.conversation_id = m.conversation_id AND t.message_id = m.id
  WHERE m.tenant_id = app.required_tenant() AND m.person_id = (sent->>'person')::uuid AND m.delivery_key = sent->>'key';
  IF NOT FOUND THEN RETURN NULL; END IF;
  IF known.text <> sent->>'text' OR coalesce((sent->>'conversation')::uuid, known.conversation_id) <> known.conversation_id THEN
    RETURN '{"refusal": "idempotency_mismatch"}';
  END IF;
  RETURN jsonb_build_object('conversation', known.conversation_id, 'message', known.id, 'turn', known.turn_id);
END $$;

-- Opens the conversation of a message, or takes its row: turns of one conversation are claimed one at a time. NULL when
-- the person has no such conversation.
CREATE FUNCTION platform.enter_conversation(sent jsonb) RETURNS platform.conversations
  LANGUAGE plpgsql AS $$
DECLARE
  c platform.conversations;
  moment timestamptz := (sent->>'at')::timestamptz;
BEGIN
  IF sent->>'conversation' IS NULL THEN
    INSERT INTO platform.conversations (tenant_id, id, person_id, title, agent_id, created_at, updated_at, active_at)
    VALUES (app.required_tenant(), (sent->>'opens')::uuid, (sent->>'person')::uuid, sent->>'title', (sent->>'agent')::uuid,
      moment, moment, moment)
    RETURNING * INTO c;
  ELSE
    UPDATE platform.conversations SET active_at = moment
    WHERE tenant_id = app.required_tenant() AND id = (sent->>'conversation')::uuid AND person_id = (sent->>'person')::uuid
    RETURNING * INTO c;
  END IF;
  RETURN c;
END $$;

-- Keeps a message with the turn that will answer it and the still empty reply, and takes the turn for whoever brings the
-- message, unless another turn of the conversation comes first. Answers { conversation, message, turn, claimed, agent,
-- untrusted }, of a message that was delivered before the first three, or { refusal }.
CREATE FUNCTION platform.receive_message(sent jsonb, said jsonb) RETURNS jsonb
  LANGUAGE plpgsql AS $$
DECLARE
  known jsonb;
  c platform.conversations;
  asked uuid := (sent->>'message')::uuid;
  turn uuid := (sent->>'turn')::uuid;
  moment timestamptz := (sent->>'at')::timestamptz;
  claimed boolean;
BEGIN
  IF sent->>'key' IS NOT NULL THEN
    known := platform.known_delivery(sent);
    IF known IS NOT NULL THEN RETURN known; END IF;
  END IF;
  c := platform.enter_conversation(sent);
  IF c.id IS NULL THEN RETURN '{"refusal": "not_found"}'; END IF;
  IF sent->>'conversation' IS NOT NULL THEN PERFORM platform.end_abandoned_before(c.id, turn, said); END IF;
  claimed := sent->>'conversation' IS NULL OR NOT platform.turn_is_blocked(c.id, turn);
  INSERT INTO platform.messages (tenant_id, id, conversation_id, person_id, role, text, locale, status, delivery_key, at)
  VALUES
    (c.tenant_id, asked, c.id, c.person_id, 'person', sent->>'text', sent->>'locale', 'done', sent->>'key', moment),
    (c.tenant_id, (sent->>'reply')::uuid, c.id, c.person_id, 'agent', '', sent->>'locale', 'running', NULL, moment);
  INSERT INTO platform.turns
    (tenant_id, id, conversation_id, person_id, message_id, reply_id, surface, status, attempt, lease_until)
  VALUES (c.tenant_id, turn, c.id, c.person_id, asked, (sent->>'reply')::uuid, sent->>'surface',
    CASE WHEN claimed THEN 'running' ELSE 'waiting' END, claimed::integer,
    now() + make_interval(secs => (sent->>'leaseSeconds')::integer));
  RETURN jsonb_build_object('conversation', c.id, 'message', asked, 'turn', turn, 'claimed', claimed,
    'agent', c.agent_id, 'untrusted', c.untrusted);
END $$;
