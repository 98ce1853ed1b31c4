-- A question that its person has changed after it was asked. What was asked first and what was answered stay, and name the message
-- that came in their place.
ALTER TABLE platform.messages ADD COLUMN replaced_by uuid;

-- As before; a message may be said in place of an earlier one of the same person.
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
  IF sent ? 'replaces' THEN
    UPDATE platform.messages m SET replaced_by = (sent->>'message')::uuid
    WHERE m.tenant_id = c.tenant_id AND m.conversation_id = c.id AND m.id >= (sent->>'replaces')::uuid AND m.person_id = person
      AND (sent->>'replaces')::uuid IN (m.id, m.answers);
  END IF;
  INSERT INTO platform.messages (tenant_id, id, conversation_id, person_id, role, author, text, locale, at)
  SELECT c.tenant_id, (o->>'id')::uuid, c.id, person, 'other', o->>'author', o->>'text', sent->>'locale', moment
  FROM jsonb_array_elements(sent->'overheard') o;
  c.person_id := person;
  RETURN c;
END $$;
