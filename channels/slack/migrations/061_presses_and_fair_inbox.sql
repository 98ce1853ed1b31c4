-- What somebody pressed, submitted or asked for by a command is kept as what Slack tells is, before it is acknowledged: its process has
-- it from the first moment, and another one takes it over when that dies. `event_id` is then made of what Slack knows the press by.
-- Answers no row where no company that has Slack switched on has that workspace connected, and a null id where it is known.
CREATE FUNCTION slack.take_in_press(asked_own_app uuid, asked_app text, asked_team text, asked_enterprise text, press text, kept text,
  me uuid, seconds integer)
  RETURNS TABLE ("pressId" uuid, tenant uuid, id uuid, "appId" text, "teamId" text, "enterpriseId" text, "botUserId" text, "botId" text,
    name text)
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH home AS MATERIALIZED (SELECT * FROM slack.workspace_of(asked_own_app, asked_app, asked_team, asked_enterprise)),
  taken AS (
    INSERT INTO slack.inbox (tenant_id, workspace_id, event_id, lane, happened, body, attempts, worker, leased_until)
    SELECT h.tenant, h.id, press, press, '', kept, 1, me, clock_timestamp() + make_interval(secs => seconds) FROM home h
    ON CONFLICT DO NOTHING RETURNING inbox.id)
  SELECT t.id, h.* FROM home h LEFT JOIN taken t ON true
$$;
SELECT app.reviewed('slack.take_in_press(uuid, text, text, text, text, text, uuid, integer)');

-- Each workspace's events in the order in which they came.
CREATE INDEX inbox_waiting ON slack.inbox (tenant_id, workspace_id, position) WHERE done_at IS NULL;

-- As before: the first of each lane, where no living worker has it. Now workspaces take turns: `held` names the workspace of each event
-- that this worker is at, of which one workspace has `share` at most, and who has the fewest comes first.
DROP FUNCTION slack.claim_inbox(uuid, integer, integer);
CREATE FUNCTION slack.claim_inbox(me uuid, held uuid[], most integer, share integer, seconds integer)
  RETURNS TABLE (tenant uuid, id uuid, "eventId" text, body text, attempts integer, "workspaceId" uuid, "appId" text, "teamId" text,
    "enterpriseId" text, "botUserId" text, "botId" text, name text, connected boolean)
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH RECURSIVE places AS (
    (SELECT i.tenant_id, i.workspace_id FROM slack.inbox i WHERE i.done_at IS NULL ORDER BY i.tenant_id, i.workspace_id LIMIT 1)
    UNION ALL
    SELECT following.tenant_id, following.workspace_id FROM places p CROSS JOIN LATERAL (
      SELECT i.tenant_id, i.workspace_id FROM slack.inbox i
      WHERE i.done_at IS NULL AND (i.tenant_id, i.workspace_id) > (p.tenant_id, p.workspace_id)
      ORDER BY i.tenant_id, i.workspace_id LIMIT 1) following),
  waiting AS MATERIALIZED (
    SELECT first.*, busy.count + row_number() OVER (PARTITION BY p.tenant_id, p.workspace_id ORDER BY first.position) AS turn
    FROM places p
    CROSS JOIN LATERAL (SELECT count(*)::integer AS count FROM unnest(held) AS one WHERE one = p.workspace_id) busy
    CROSS JOIN LATERAL (
      SELECT i.tenant_id, i.id, i.position FROM slack.inbox i
      WHERE i.tenant_id = p.tenant_id AND i.workspace_id = p.workspace_id AND i.done_at IS NULL
        AND i.run_at <= clock_timestamp() AND (i.leased_until IS NULL OR i.leased_until < clock_timestamp())
        AND NOT EXISTS (
          SELECT FROM slack.inbox b
          WHERE b.tenant_id = i.tenant_id AND b.workspace_id = i.workspace_id AND b.lane = i.lane AND b.done_at IS NULL
            AND ((b.happened, b.position) < (i.happened, i.position) OR (b.leased_until >= clock_timestamp() AND b.id <> i.id)))
      ORDER BY i.position LIMIT greatest(0, least(most, share - busy.count)) FOR UPDATE OF i SKIP LOCKED) first),
  next AS MATERIALIZED (SELECT w.* FROM waiting w ORDER BY w.turn, w.position LIMIT most),
  taken AS (
    UPDATE slack.inbox i SET worker = me, leased_until = clock_timestamp() + make_interval(secs => seconds), attempts = i.attempts + 1
    FROM next n WHERE i.tenant_id = n.tenant_id AND i.id = n.id RETURNING i.*)
  SELECT t.tenant_id, t.id, t.event_id, t.body, t.attempts, w.id, w.app_id, w.team_id, w.enterprise_id, w.bot_user_id, w.bot_id, w.name,
    w.ended_at IS NULL AND NOT EXISTS (
      SELECT FROM platform.domains_off o WHERE o.tenant_id = w.tenant_id AND o.domain = 'slack')
  FROM taken t JOIN next n ON n.tenant_id = t.tenant_id AND n.id = t.id
    JOIN slack.workspaces w ON w.tenant_id = t.tenant_id AND w.id = t.workspace_id
  ORDER BY n.turn, n.position
$$;
SELECT app.reviewed('slack.claim_inbox(uuid, uuid[], integer, integer, integer)');
