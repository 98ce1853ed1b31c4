-- What Slack told, from before it is acknowledged until it is worked through; then only that it was, for a day, so that
-- what Slack sends again is known.

CREATE TABLE slack.inbox (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  workspace_id uuid NOT NULL,
  event_id text NOT NULL,
  -- Channel and ts where it tells of a new message: of one that mentions the bot Slack tells twice.
  message text,
  -- What must be worked through in order, and when in it: Slack's own time, which is text of one length.
  lane text NOT NULL,
  happened text COLLATE "C" NOT NULL,
  position bigint GENERATED ALWAYS AS IDENTITY,
  -- The envelope as it came; gone once it is worked through.
  body text,
  attempts integer NOT NULL DEFAULT 0,
  run_at timestamptz NOT NULL DEFAULT now(),
  worker uuid,
  leased_until timestamptz,
  received_at timestamptz NOT NULL DEFAULT now(),
  done_at timestamptz,
  outcome text CHECK (outcome IN ('done', 'dropped', 'failed')),
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT told_once UNIQUE (tenant_id, workspace_id, event_id),
  CONSTRAINT message_once UNIQUE (tenant_id, workspace_id, message),
  FOREIGN KEY (tenant_id, workspace_id) REFERENCES slack.workspaces (tenant_id, id) ON DELETE CASCADE,
  CHECK ((done_at IS NULL) = (outcome IS NULL)),
  CHECK ((done_at IS NULL) = (body IS NOT NULL))
);
SELECT app.isolate('slack.inbox');
SELECT app.open_to_reviewed('slack.inbox', 'SELECT, INSERT, UPDATE, DELETE');
CREATE INDEX inbox_open ON slack.inbox (tenant_id, workspace_id, lane, happened, position) WHERE done_at IS NULL;
CREATE INDEX inbox_done ON slack.inbox (tenant_id, done_at) WHERE done_at IS NOT NULL;

-- Keeps one event: `kept`, `known` where it was told before, `nobody` where no company that has Slack switched on has that
-- workspace connected, `own` where the bot itself wrote what it tells of.
CREATE FUNCTION slack.take_in(asked_own_app uuid, asked_app text, asked_team text, asked_enterprise text, event text, said text,
  in_lane text, at text, author text, envelope text) RETURNS text
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  home record;
BEGIN
  SELECT * INTO home FROM slack.workspace_of(asked_own_app, asked_app, asked_team, asked_enterprise);
  IF home.id IS NULL THEN RETURN 'nobody'; END IF;
  IF author IN (home."botUserId", home."botId") THEN RETURN 'own'; END IF;
  INSERT INTO slack.inbox (tenant_id, workspace_id, event_id, message, lane, happened, body)
  VALUES (home.tenant, home.id, event, said, in_lane, at, envelope) ON CONFLICT DO NOTHING;
  RETURN CASE WHEN FOUND THEN 'kept' ELSE 'known' END;
END $$;
SELECT app.reviewed('slack.take_in(uuid, text, text, text, text, text, text, text, text, text)');

-- Hands out what may be worked on: the first of each lane, where no living worker has it. What is of a workspace that has
-- ended, or of a company that has switched Slack off, comes without a workspace's name.
CREATE FUNCTION slack.claim_inbox(me uuid, most integer, seconds integer)
  RETURNS TABLE (tenant uuid, id uuid, body text, attempts integer, "workspaceId" uuid, "appId" text, "teamId" text,
    "enterpriseId" text, "botUserId" text, "botId" text, name text, connected boolean)
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH next AS MATERIALIZED (
    SELECT i.tenant_id, i.id FROM slack.inbox i
    WHERE i.done_at IS NULL AND i.run_at <= clock_timestamp() AND (i.leased_until IS NULL OR i.leased_until < clock_timestamp())
      AND NOT EXISTS (
        SELECT FROM slack.inbox b
        WHERE b.tenant_id = i.tenant_id AND b.workspace_id = i.workspace_id AND b.lane = i.lane AND b.done_at IS NULL
          AND ((b.happened, b.position) < (i.happened, i.position) OR (b.leased_until >= clock_timestamp() AND b.id <> i.id)))
    ORDER BY i.position LIMIT most FOR UPDATE OF i SKIP LOCKED),
  taken AS (
    UPDATE slack.inbox i SET worker = me, leased_until = clock_timestamp() + make_interval(secs => seconds), attempts = i.attempts + 1
    FROM next n WHERE i.tenant_id = n.tenant_id AND i.id = n.id RETURNING i.*)
  SELECT t.tenant_id, t.id, t.body, t.attempts, w.id, w.app_id, w.team_id, w.enterprise_id, w.bot_user_id, w.bot_id, w.name,
    w.ended_at IS NULL AND NOT EXISTS (
      SELECT FROM platform.domains_off o WHERE o.tenant_id = w.tenant_id AND o.domain = 'slack')
  FROM taken t JOIN slack.workspaces w ON w.tenant_id = t.tenant_id AND w.id = t.workspace_id
  ORDER BY t.position
$$;
SELECT app.reviewed('slack.claim_inbox(uuid, integer, integer)');

-- A worker that lives keeps what it has.
CREATE FUNCTION slack.keep_claims(me uuid, seconds integer) RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE slack.inbox i SET leased_until = clock_timestamp() + make_interval(secs => seconds)
  WHERE i.worker = me AND i.done_at IS NULL
$$;
SELECT app.reviewed('slack.keep_claims(uuid, integer)');

-- What was worked through a day ago is forgotten: Slack sends nothing again after that.
CREATE FUNCTION slack.sweep_inbox() RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  DELETE FROM slack.inbox i WHERE i.done_at < clock_timestamp() - interval '1 day'
$$;
SELECT app.reviewed('slack.sweep_inbox()');
