-- As before: keeps a message with the turn that will answer it and the still empty reply. Now with one look at what else is unfinished
-- in its conversation, and one statement for all that is kept.
CREATE OR REPLACE FUNCTION platform.receive_message(sent jsonb, said jsonb) RETURNS jsonb
  LANGUAGE plpgsql AS $$
DECLARE
  known jsonb;
  c platform.conversations;
  asked uuid := (sent->>'message')::uuid;
  reply uuid := (sent->>'reply')::uuid;
  turn uuid := (sent->>'turn')::uuid;
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
      coalesce(bool_or(t.lease_until >= now() AND (t.status = 'running' OR t.id < turn)), false) AS is_ahead INTO unfinished
    FROM platform.turns t
    WHERE t.tenant_id = c.tenant_id AND t.conversation_id = c.id AND t.status IN ('waiting', 'running');
    IF unfinished.is_abandoned THEN PERFORM platform.end_abandoned_before(c.id, turn, said); END IF;
    claimed := NOT unfinished.is_ahead;
  END IF;
  WITH words AS (
    INSERT INTO platform.messages (tenant_id, id, conversation_id, person_id, role, text, locale, status, delivery_key, at)
    VALUES
      (c.tenant_id, asked, c.id, c.person_id, 'person', sent->>'text', sent->>'locale', 'done', sent->>'key', moment),
      (c.tenant_id, reply, c.id, c.person_id, 'agent', '', sent->>'locale', 'running', NULL, moment)),
  turns AS (
    INSERT INTO platform.turns
      (tenant_id, id, conversation_id, person_id, message_id, reply_id, surface, status, attempt, lease_until)
    VALUES (c.tenant_id, turn, c.id, c.person_id, asked, reply, sent->>'surface',
      CASE WHEN claimed THEN 'running' ELSE 'waiting' END, claimed::integer,
      now() + make_interval(secs => (sent->>'leaseSeconds')::integer)))
  SELECT max(m.mark)::text INTO latest FROM platform.marks m WHERE m.tenant_id = c.tenant_id;
  RETURN jsonb_build_object('conversation', c.id, 'message', asked, 'turn', turn, 'claimed', claimed,
    'agent', c.agent_id, 'untrusted', c.untrusted, 'mark', latest,
    'purse', CASE WHEN claimed AND sent ? 'purse' THEN platform.reserve_purse(sent->'purse') END);
END $$;
