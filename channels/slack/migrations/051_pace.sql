-- What all processes together have used of Slack's pace: moments in milliseconds since 1970, by their own clocks. A crash of
-- the database loses it, which Slack's own limits make up for.

CREATE UNLOGGED TABLE slack.pace (
  tenant_id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  -- A method, or a method in a channel.
  lane text NOT NULL,
  taken bigint[] NOT NULL DEFAULT '{}',
  -- Slack has told one of them to wait.
  rests_until bigint NOT NULL DEFAULT 0,
  used_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, workspace_id, lane),
  FOREIGN KEY (tenant_id, workspace_id) REFERENCES slack.workspaces (tenant_id, id) ON DELETE CASCADE
);
SELECT app.isolate('slack.pace');
SELECT app.open_to_reviewed('slack.pace', 'SELECT, DELETE');
CREATE INDEX pace_unused ON slack.pace (tenant_id, used_at);

-- The moment from which one more is free: the most-th newest turn has left the span, and nobody was told to wait.
CREATE FUNCTION slack.free_at(taken bigint[], rests_until bigint, most integer, span integer) RETURNS bigint
  LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT greatest(rests_until, (SELECT t + span FROM unnest(taken) t ORDER BY t DESC OFFSET most - 1 LIMIT 1))
$$;

-- Takes a turn of a method, and of its channel where one is counted, when both are free; answers from when each is.
CREATE FUNCTION slack.take_turn(place uuid, of_method text, most integer, span integer, of_channel text, channel_most integer,
  channel_span integer, at bigint) RETURNS TABLE (method_free bigint, channel_free bigint)
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  us uuid := app.required_tenant();
  lanes text[] := CASE WHEN of_channel = '' THEN ARRAY[of_method] ELSE ARRAY[of_method, of_method || ' ' || of_channel] END;
BEGIN
  INSERT INTO slack.pace (tenant_id, workspace_id, lane) SELECT us, place, lane FROM unnest(lanes) lane ON CONFLICT DO NOTHING;
  PERFORM FROM slack.pace p WHERE p.tenant_id = us AND p.workspace_id = place AND p.lane = ANY(lanes) ORDER BY p.lane FOR UPDATE;
  SELECT slack.free_at(p.taken, p.rests_until, most, span) INTO method_free FROM slack.pace p
    WHERE p.tenant_id = us AND p.workspace_id = place AND p.lane = lanes[1];
  SELECT coalesce(max(slack.free_at(p.taken, p.rests_until, channel_most, channel_span)), 0) INTO channel_free FROM slack.pace p
    WHERE p.tenant_id = us AND p.workspace_id = place AND p.lane = lanes[2];
  IF method_free <= at AND channel_free <= at THEN
    UPDATE slack.pace p SET used_at = now(), taken = ARRAY(SELECT t FROM unnest(p.taken) t WHERE t > at - 2 * span) || at
    WHERE p.tenant_id = us AND p.workspace_id = place AND p.lane = ANY(lanes);
  END IF;
  RETURN NEXT;
END $$;

-- Lets go of what nobody has used for an hour.
CREATE FUNCTION slack.sweep_pace() RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  DELETE FROM slack.pace p WHERE p.used_at < now() - interval '1 hour'
$$;
SELECT app.reviewed('slack.sweep_pace()');
