-- A question that is changed after its answer is asked anew.
ALTER TABLE slack.messages
  -- When it was asked in the words that it has now.
  ADD COLUMN asked_at timestamptz,
  -- What was done for it, in words that people read.
  ADD COLUMN done text[] NOT NULL DEFAULT '{}',
  -- The answer that is not its answer any more: {"answer": its name, "done": what had been done}.
  ADD COLUMN former jsonb;

-- As before; one that is asked anew is expected anew.
DROP FUNCTION slack.claim_questions(uuid, integer, integer);
CREATE FUNCTION slack.claim_questions(me uuid, most integer, seconds integer)
  RETURNS TABLE (tenant uuid, channel text, ts text, id uuid, "appId" text, "teamId" text, "enterpriseId" text,
    "botUserId" text, "botId" text, name text)
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH taken AS (
    UPDATE slack.messages m SET worker = me, leased_until = clock_timestamp() + make_interval(secs => seconds)
    WHERE (m.tenant_id, m.workspace_id, m.channel, m.ts) IN (
      SELECT q.tenant_id, q.workspace_id, q.channel, q.ts FROM slack.messages q
      JOIN slack.workspaces w ON w.tenant_id = q.tenant_id AND w.id = q.workspace_id AND w.ended_at IS NULL
      WHERE q.state = 'asked' AND q.leased_until < clock_timestamp()
        AND coalesce(q.asked_at, q.created_at) > clock_timestamp() - interval '1 hour'
        AND NOT EXISTS (SELECT FROM platform.domains_off o WHERE o.tenant_id = q.tenant_id AND o.domain = 'slack')
      ORDER BY q.leased_until LIMIT most FOR UPDATE OF q SKIP LOCKED)
    RETURNING m.*)
  SELECT t.tenant_id, t.channel, t.ts, w.id, w.app_id, w.team_id, w.enterprise_id, w.bot_user_id, w.bot_id, w.name
  FROM taken t JOIN slack.workspaces w ON w.tenant_id = t.tenant_id AND w.id = t.workspace_id
  ORDER BY t.ts
$$;
SELECT app.reviewed('slack.claim_questions(uuid, integer, integer)');
