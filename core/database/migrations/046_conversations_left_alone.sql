-- When something was last said in a conversation stands with its messages. Its own row is only locked by the next one, and changed
-- where it moves up among its person's.

CREATE OR REPLACE FUNCTION platform.enter_conversation(sent jsonb) RETURNS platform.conversations
  LANGUAGE plpgsql AS $$
DECLARE
  c platform.conversations;
  person uuid := (sent->>'person')::uuid;
  moment timestamptz := (sent->>'at')::timestamptz;
BEGIN
  IF sent ? 'overheard' THEN RETURN platform.enter_shared_conversation(sent); END IF;
  IF sent->>'conversation' IS NULL THEN
    INSERT INTO platform.conversations (tenant_id, id, person_id, title, agent_id, created_at, updated_at, ranked_at)
    VALUES (app.required_tenant(), (sent->>'opens')::uuid, person, sent->>'title', (sent->>'agent')::uuid, moment, moment, moment)
    RETURNING * INTO c;
  ELSE
    SELECT t.* INTO c FROM platform.conversations t
    WHERE t.tenant_id = app.tenant() AND t.id = (sent->>'conversation')::uuid AND t.person_id = person AND NOT t.shared
    FOR NO KEY UPDATE;
    UPDATE platform.conversations t SET ranked_at = moment
    WHERE t.tenant_id = app.tenant() AND t.id = c.id AND EXISTS (
      SELECT FROM platform.conversations o
      WHERE o.tenant_id = t.tenant_id AND o.person_id = person AND o.ranked_at > c.ranked_at);
  END IF;
  RETURN c;
END $$;

CREATE OR REPLACE FUNCTION platform.enter_shared_conversation(sent jsonb) RETURNS platform.conversations
  LANGUAGE plpgsql AS $$
DECLARE
  c platform.conversations;
  person uuid := (sent->>'person')::uuid;
  moment timestamptz := (sent->>'at')::timestamptz;
BEGIN
  INSERT INTO platform.conversations AS t
    (tenant_id, id, person_id, title, agent_id, shared, untrusted, created_at, updated_at, ranked_at)
  VALUES (app.required_tenant(), (sent->>'conversation')::uuid, person, sent->>'title', (sent->>'agent')::uuid, true,
    (sent->>'untrusted')::boolean, moment, moment, moment)
  ON CONFLICT (tenant_id, id) DO UPDATE
    SET ranked_at = moment, untrusted = t.untrusted OR excluded.untrusted WHERE t.shared
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

ALTER TABLE platform.conversations DROP COLUMN active_at;
