-- A trace keeps by reference what is kept anyway: the words of its message and its reply and the calls stand with the
-- conversation, and a prompt stands once for all turns that began with it. What a trace may not show as it was said is kept in the
-- trace, without what it may not show.

-- What models were told before the words of a conversation, as far as it does not change with every turn.
CREATE TABLE agents.prompts (
  tenant_id uuid NOT NULL,
  -- SHA-256 of the text.
  hash bytea NOT NULL,
  text text NOT NULL,
  -- The last day on which a trace named it: with those of that day it is let go of.
  seen_on date NOT NULL,
  PRIMARY KEY (tenant_id, hash)
);
SELECT app.isolate('agents.prompts');

-- The words of a message that a trace's body names.
CREATE FUNCTION agents.words_of(body jsonb, place text) RETURNS text
  LANGUAGE sql STABLE AS $$
  SELECT m.text FROM platform.messages m WHERE m.tenant_id = (SELECT app.tenant()) AND m.id = (body ->> place)::uuid
$$;

CREATE FUNCTION agents.message_of(body jsonb) RETURNS text
  LANGUAGE sql STABLE
  RETURN coalesce(body ->> 'message', agents.words_of(body, 'messageId'));

CREATE FUNCTION agents.reply_of(body jsonb) RETURNS text
  LANGUAGE sql STABLE
  RETURN coalesce(body ->> 'reply', agents.words_of(body, 'replyId'));

-- The calls with when they were made; those of a reply that was kept whole stand with it.
CREATE FUNCTION agents.made_in(body jsonb) RETURNS jsonb
  LANGUAGE sql STABLE AS $$
  SELECT coalesce(body -> 'made', (
    SELECT jsonb_agg(call || coalesce(body -> 'times' -> (call ->> 'id'), '{}') ORDER BY place)
    FROM platform.messages m, jsonb_array_elements(m.calls) WITH ORDINALITY each(call, place)
    WHERE m.tenant_id = (SELECT app.tenant()) AND m.id = (body ->> 'replyId')::uuid), '[]')
$$;

-- What a step was told: a range of messages as its messages, a prompt with its text before what changes with every turn.
CREATE FUNCTION agents.told_in(told jsonb, conversation uuid) RETURNS jsonb
  LANGUAGE sql STABLE AS $$
  SELECT coalesce(jsonb_agg(item ORDER BY place, id), '[]')
  FROM jsonb_array_elements(told) WITH ORDINALITY AS each(one, place), LATERAL (
    SELECT NULL::uuid AS id, one AS item WHERE NOT one ?| '{from,prompt}'
    UNION ALL
    SELECT NULL, one - 'prompt' || jsonb_build_object('text', coalesce((SELECT p.text FROM agents.prompts p
      WHERE p.tenant_id = (SELECT app.tenant()) AND p.hash = decode(one ->> 'prompt', 'hex')), '') || (one ->> 'text'))
    WHERE one ? 'prompt'
    UNION ALL
    SELECT m.id, jsonb_build_object('role', m.role, 'text', m.text, 'calls', '[]'::jsonb) FROM platform.messages m
    WHERE m.tenant_id = (SELECT app.tenant()) AND m.conversation_id = conversation AND m.text <> ''
      AND m.id BETWEEN (one ->> 'from')::uuid AND (one ->> 'to')::uuid) whole
$$;

-- The steps as they were. One that names no tools was offered those of the step before, one without an answer gave the reply.
CREATE FUNCTION agents.steps_of(body jsonb, conversation uuid) RETURNS jsonb
  LANGUAGE sql STABLE AS $$
  SELECT coalesce(jsonb_agg(step || jsonb_build_object(
      'told', agents.told_in(step -> 'told', conversation),
      'answer', coalesce(step ->> 'answer', agents.reply_of(body)),
      'tools', (SELECT s -> 'tools' FROM jsonb_array_elements(body -> 'steps') WITH ORDINALITY before(s, n)
        WHERE n <= number AND s ? 'tools' ORDER BY n DESC LIMIT 1))
    ORDER BY number), '[]')
  FROM jsonb_array_elements(body -> 'steps') WITH ORDINALITY AS every(step, number)
$$;

DROP FUNCTION agents.told_whole(jsonb, uuid);
