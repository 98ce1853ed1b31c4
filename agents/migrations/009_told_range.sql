-- A trace names the range of messages that its conversation keeps anyway instead of keeping their words again; here they are
-- told. A range that holds words which a trace may not show is never named.
DROP FUNCTION agents.told_whole(jsonb);
CREATE FUNCTION agents.told_whole(steps jsonb, conversation uuid) RETURNS jsonb
  LANGUAGE sql STABLE AS $$
  SELECT coalesce(jsonb_agg(step || jsonb_build_object('told', (
      SELECT coalesce(jsonb_agg(item ORDER BY place, id), '[]')
      FROM jsonb_array_elements(step -> 'told') WITH ORDINALITY AS each(told, place), LATERAL (
        SELECT NULL::uuid AS id, told AS item WHERE NOT told ? 'from'
        UNION ALL
        SELECT m.id, jsonb_build_object('role', m.role, 'text', m.text, 'calls', '[]'::jsonb) FROM platform.messages m
        WHERE m.tenant_id = (SELECT app.tenant()) AND m.conversation_id = conversation AND m.text <> ''
          AND m.id BETWEEN (told ->> 'from')::uuid AND (told ->> 'to')::uuid) whole))
    ORDER BY number), '[]')
  FROM jsonb_array_elements(steps) WITH ORDINALITY AS every(step, number)
$$;
