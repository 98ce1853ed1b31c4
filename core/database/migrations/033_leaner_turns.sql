-- What a turn writes besides its words: fewer indexes, and rows whose later changes touch none. Every index costs a turn about a
-- hundred bytes of log for each of its rows, and again for each change of a row that one of its indexes knows of.

-- A line of the trail is found by its time. Times and ids grow, and an ascending index is then only ever added to at its end: a
-- descending one splits its pages in the middle of what was just written.
ALTER TABLE platform.audit DROP CONSTRAINT audit_pkey, ADD PRIMARY KEY (tenant_id, at, id);
DROP INDEX platform.audit_by_time, platform.audit_by_operation;
CREATE INDEX audit_by_operation ON platform.audit (tenant_id, operation, at);

-- The order of a person's conversations: as that of `active_at`, but the latest one is not moved when it goes on.
ALTER TABLE platform.conversations ADD COLUMN ranked_at timestamptz NOT NULL DEFAULT now();
-- Row-level security binds this file too, and hides every row from an UPDATE.
ALTER TABLE platform.conversations ALTER COLUMN ranked_at TYPE timestamptz USING active_at;
DROP INDEX platform.conversations_of_person;
CREATE INDEX conversations_of_person ON platform.conversations (tenant_id, person_id, ranked_at, id);
ALTER TABLE platform.conversations SET (fillfactor = 70);

-- A reply is kept empty and filled in place.
ALTER TABLE platform.messages SET (fillfactor = 80);

-- A turn is found by its conversation: its key is the index that finds it there.
ALTER TABLE platform.turns DROP CONSTRAINT turns_pkey, ADD PRIMARY KEY (tenant_id, conversation_id, id);
DROP INDEX platform.turns_of_conversation;

DROP FUNCTION platform.interrupted_turns(integer);
CREATE FUNCTION platform.interrupted_turns(most integer)
  RETURNS TABLE (tenant_id uuid, person_id uuid, conversation_id uuid, turn_id uuid, started_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT t.tenant_id, t.person_id, t.conversation_id, t.id, t.started_at FROM platform.turns t
  WHERE t.status IN ('waiting', 'running') AND t.lease_until < now() ORDER BY t.id LIMIT most
$$;
SELECT app.reviewed('platform.interrupted_turns(integer)');

-- Ends a turn whose process is gone; `said` is its reply in each language.
DROP FUNCTION platform.end_abandoned_turn(uuid, jsonb);
CREATE FUNCTION platform.end_abandoned_turn(conversation uuid, turn uuid, said jsonb) RETURNS void
  LANGUAGE sql AS $$
  WITH ended AS (
    UPDATE platform.turns t SET status = 'failed', code = 'interrupted', ended_at = now()
    WHERE t.tenant_id = app.required_tenant() AND t.conversation_id = conversation AND t.id = turn
      AND t.status IN ('waiting', 'running') AND t.lease_until < now()
    RETURNING t.tenant_id, t.reply_id)
  UPDATE platform.messages r SET status = 'failed', text = said->>r.locale
  FROM ended WHERE r.tenant_id = ended.tenant_id AND r.id = ended.reply_id
$$;

CREATE OR REPLACE FUNCTION platform.end_abandoned_before(conversation uuid, turn uuid, said jsonb) RETURNS void
  LANGUAGE plpgsql AS $$
BEGIN
  PERFORM platform.end_abandoned_turn(conversation, t.id, said) FROM platform.turns t
  WHERE t.tenant_id = app.tenant() AND t.conversation_id = conversation AND t.id < turn
    AND t.status IN ('waiting', 'running') AND t.lease_until < now();
END $$;

-- As before. A conversation is moved up where another of the person's stands above it.
CREATE OR REPLACE FUNCTION platform.enter_conversation(sent jsonb) RETURNS platform.conversations
  LANGUAGE plpgsql AS $$
DECLARE
  c platform.conversations;
  person uuid := (sent->>'person')::uuid;
  moment timestamptz := (sent->>'at')::timestamptz;
BEGIN
  IF sent->>'conversation' IS NULL THEN
    INSERT INTO platform.conversations (tenant_id, id, person_id, title, agent_id, created_at, updated_at, active_at, ranked_at)
    VALUES (app.required_tenant(), (sent->>'opens')::uuid, person, sent->>'title', (sent->>'agent')::uuid,
      moment, moment, moment, moment)
    RETURNING * INTO c;
  ELSE
    UPDATE platform.conversations t SET active_at = moment,
      ranked_at = CASE WHEN EXISTS (
        SELECT FROM platform.conversations o
        WHERE o.tenant_id = t.tenant_id AND o.person_id = person AND o.ranked_at > t.ranked_at) THEN moment ELSE t.ranked_at END
    WHERE t.tenant_id = app.tenant() AND t.id = (sent->>'conversation')::uuid AND t.person_id = person
    RETURNING t.* INTO c;
  END IF;
  RETURN c;
END $$;
