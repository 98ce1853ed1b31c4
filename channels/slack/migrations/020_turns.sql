-- Threads in which an agent takes part, and what was said in them.

CREATE TABLE slack.threads (
  tenant_id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  channel text NOT NULL,
  -- `ts` of its first message.
  root text COLLATE "C" NOT NULL,
  -- The core's conversation that it is: named here before its first message opens it.
  conversation_id uuid NOT NULL,
  -- `ts` up to which the agent has been told what others said.
  told_up_to text COLLATE "C" NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, workspace_id, channel, root),
  CONSTRAINT thread_of_conversation UNIQUE (tenant_id, conversation_id),
  FOREIGN KEY (tenant_id, workspace_id) REFERENCES slack.workspaces (tenant_id, id) ON DELETE CASCADE
);
SELECT app.isolate('slack.threads');

-- What people said there. A question is a message that an agent answers: it is `asked` until its answer stands in Slack.
CREATE TABLE slack.messages (
  tenant_id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  channel text NOT NULL,
  ts text COLLATE "C" NOT NULL,
  root text COLLATE "C" NOT NULL,
  -- Slack's ids of who wrote it, and of their team.
  author text NOT NULL,
  team text,
  text text NOT NULL,
  -- Name, type, size and address of each; their content stays in Slack.
  files jsonb NOT NULL DEFAULT '[]',
  -- Slack's time of the last edit.
  edited text COLLATE "C" NOT NULL DEFAULT '',
  state text NOT NULL DEFAULT 'said' CHECK (state IN ('said', 'asked', 'answered', 'stopped', 'removed')),
  -- Of a question: for whom (ours), by which message of the conversation, under which name its answer goes out, and who works
  -- on it until when.
  person_id uuid,
  message_id uuid,
  answer_key text,
  worker uuid,
  leased_until timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, workspace_id, channel, ts),
  FOREIGN KEY (tenant_id, workspace_id) REFERENCES slack.workspaces (tenant_id, id) ON DELETE CASCADE,
  CHECK (state <> 'asked' OR (person_id IS NOT NULL AND leased_until IS NOT NULL))
);
SELECT app.isolate('slack.messages');
CREATE INDEX messages_of_thread ON slack.messages (tenant_id, workspace_id, channel, root, ts);
CREATE INDEX messages_by_age ON slack.messages (tenant_id, created_at);
CREATE INDEX messages_asked ON slack.messages (tenant_id, leased_until) WHERE state = 'asked';

SELECT app.open_to_reviewed('slack.messages', 'SELECT, UPDATE, DELETE');

-- Hands out questions whose process is gone, of workspaces that are still connected, while somebody may expect the answer.
CREATE FUNCTION slack.claim_questions(me uuid, most integer, seconds integer)
  RETURNS TABLE (tenant uuid, channel text, ts text, id uuid, "appId" text, "teamId" text, "enterpriseId" text,
    "botUserId" text, "botId" text, name text)
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH taken AS (
    UPDATE slack.messages m SET worker = me, leased_until = clock_timestamp() + make_interval(secs => seconds)
    WHERE (m.tenant_id, m.workspace_id, m.channel, m.ts) IN (
      SELECT q.tenant_id, q.workspace_id, q.channel, q.ts FROM slack.messages q
      JOIN slack.workspaces w ON w.tenant_id = q.tenant_id AND w.id = q.workspace_id AND w.ended_at IS NULL
      WHERE q.state = 'asked' AND q.leased_until < clock_timestamp() AND q.created_at > clock_timestamp() - interval '1 hour'
        AND NOT EXISTS (SELECT FROM platform.domains_off o WHERE o.tenant_id = q.tenant_id AND o.domain = 'slack')
      ORDER BY q.leased_until LIMIT most FOR UPDATE OF q SKIP LOCKED)
    RETURNING m.*)
  SELECT t.tenant_id, t.channel, t.ts, w.id, w.app_id, w.team_id, w.enterprise_id, w.bot_user_id, w.bot_id, w.name
  FROM taken t JOIN slack.workspaces w ON w.tenant_id = t.tenant_id AND w.id = t.workspace_id
  ORDER BY t.ts
$$;
SELECT app.reviewed('slack.claim_questions(uuid, integer, integer)');

-- A process that lives keeps what it works on.
CREATE FUNCTION slack.keep_questions(me uuid, seconds integer) RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE slack.messages m SET leased_until = clock_timestamp() + make_interval(secs => seconds)
  WHERE m.worker = me AND m.state = 'asked' AND m.leased_until IS NOT NULL
$$;
SELECT app.reviewed('slack.keep_questions(uuid, integer)');
