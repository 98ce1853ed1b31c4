-- Calls that wait for nobody are as they were kept. Told in one expression, so that PostgreSQL puts it in place of the function: a
-- conversation is read with all its calls, of which hardly any wait.

ALTER FUNCTION platform.settled_calls(jsonb) RENAME TO calls_with_outcomes;

CREATE FUNCTION platform.settled_calls(calls jsonb) RETURNS jsonb
  LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN calls @> '[{"status": "waiting"}]' THEN platform.calls_with_outcomes(calls) ELSE calls END
$$;
