-- Conversations that a channel shares among those who write in them, and turns that are stopped from elsewhere.

ALTER TABLE platform.conversations ADD COLUMN shared boolean NOT NULL DEFAULT false;

-- Who has written in a shared conversation: they read it, as they could where it takes place.
CREATE TABLE platform.conversation_members (
  tenant_id uuid NOT NULL,
  person_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, person_id, conversation_id),
  FOREIGN KEY (tenant_id, conversation_id) REFERENCES platform.conversations ON DELETE CASCADE
);
SELECT app.isolate('platform.conversation_members');
CREATE INDEX members_of_conversation ON platform.conversation_members (tenant_id, conversation_id);

-- What others said beside the questions: it is remembered and answered by nobody. `author` is what they are called there.
ALTER TABLE platform.messages
  ADD COLUMN author text CHECK (char_length(author) BETWEEN 1 AND 200),
  DROP CONSTRAINT messages_role_check,
  ADD CONSTRAINT messages_role_check CHECK (role IN ('person', 'agent', 'other')),
  ADD CONSTRAINT others_have_names CHECK ((role = 'other') = (author IS NOT NULL));

-- Opens a shared conversation or takes its row, for whoever the channel lets write there: the row is answered with the writer in its
-- place. The label rises with what was overheard, before anybody reads it.
CREATE FUNCTION platform.enter_shared_conversation(sent jsonb) RETURNS platform.conversations
  LANGUAGE plpgsql AS $$
DECLARE
  c platform.conversations;
  person uuid := (sent->>'person')::uuid;
  moment timestamptz := (sent->>'at')::timestamptz;
BEGIN
  INSERT INTO platform.conversations AS t
    (tenant_id, id, person_id, title, agent_id, shared, untrusted, created_at, updated_at, active_at, ranked_at)
  VALUES (app.required_tenant(), (sent->>'conversation')::uuid, person, sent->>'title', (sent->>'agent')::uuid, true,
    (sent->>'untrusted')::boolean, moment, moment, moment, moment)
  ON CONFLICT (tenant_id, id) DO UPDATE
    SET active_at = moment, ranked_at = moment, untrusted = t.untrusted OR excluded.untrusted WHERE t.shared
  RETURNING t.* INTO c;
  IF c.id IS NULL THEN RETURN c; END IF;
  INSERT INTO platform.conversation_members (tenant_id, person_id, conversation_id) VALUES (c.tenant_id, person, c.id)
  ON CONFLICT DO NOTHING;
  INSERT INTO platform.messages (tenant_id, id, conversation_id, person_id, role, author, text, locale, at)
  SELECT c.tenant_id, (o->>'id')::uuid, c.id, person, 'other', o->>'author', o->>'text', sent->>'locale', moment
  FROM jsonb_array_elements(sent->'overheard') o;
  c.person_id := person;
  RETURN c;
END $$;

-- As before; what several share is entered by its channel alone.
CREATE OR REPLACE FUNCTION platform.enter_conversation(sent jsonb) RETURNS platform.conversations
  LANGUAGE plpgsql AS $$
DECLARE
  c platform.conversations;
  person uuid := (sent->>'person')::uuid;
  moment timestamptz := (sent->>'at')::timestamptz;
BEGIN
  IF sent ? 'overheard' THEN RETURN platform.enter_shared_conversation(sent); END IF;
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
    WHERE t.tenant_id = app.tenant() AND t.id = (sent->>'conversation')::uuid AND t.person_id = person AND NOT t.shared
    RETURNING t.* INTO c;
  END IF;
  RETURN c;
END $$;

-- The calls of a reply as all may see them who could read it where it was given: what was done, not what was read for it.
CREATE FUNCTION platform.shown_calls(calls jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(jsonb_agg(call - 'input' - 'output' ORDER BY place), '[]')
  FROM jsonb_array_elements(calls) WITH ORDINALITY AS each(call, place)
$$;

-- The person has said stop: whoever runs the turn reads it when it moves the lease on.
ALTER TABLE platform.turns ADD COLUMN stop_asked boolean NOT NULL DEFAULT false;

-- Stops what is done for a person in a conversation, or only what answers one message. What nobody runs yet is over at once.
CREATE FUNCTION platform.stop_turns(conversation uuid, person uuid, message uuid, said jsonb) RETURNS void
  LANGUAGE sql AS $$
  WITH asked AS (
    UPDATE platform.turns t SET stop_asked = true,
      status = CASE t.status WHEN 'waiting' THEN 'stopped' ELSE t.status END,
      ended_at = CASE t.status WHEN 'waiting' THEN now() END
    WHERE t.tenant_id = app.required_tenant() AND t.conversation_id = conversation AND t.person_id = person
      AND t.status IN ('waiting', 'running') AND (message IS NULL OR t.message_id = message)
    RETURNING t.tenant_id, t.reply_id, t.status)
  UPDATE platform.messages r SET status = 'stopped', text = said->>r.locale
  FROM asked WHERE asked.status = 'stopped' AND r.tenant_id = asked.tenant_id AND r.id = asked.reply_id
$$;
