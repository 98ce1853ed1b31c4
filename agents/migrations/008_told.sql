-- A trace names the messages that its conversation keeps anyway instead of keeping their words again; here they are told.
-- A message whose words a trace may not hold is never named.
CREATE FUNCTION agents.told_whole(steps jsonb) RETURNS jsonb
  LANGUAGE sql STABLE AS $$
  SELECT coalesce(jsonb_agg(step || jsonb_build_object('told', (
      SELECT coalesce(jsonb_agg(told - 'message' || CASE WHEN m.id IS NULL THEN '{}' ELSE jsonb_build_object('text', m.text) END
        ORDER BY place), '[]')
      FROM jsonb_array_elements(step -> 'told') WITH ORDINALITY AS each(told, place)
        LEFT JOIN platform.messages m ON m.tenant_id = (SELECT app.tenant()) AND m.id = (told ->> 'message')::uuid))
    ORDER BY number), '[]')
  FROM jsonb_array_elements(steps) WITH ORDINALITY AS every(step, number)
$$;
