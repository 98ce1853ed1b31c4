-- What goes out to Slack: each thing kept before it is sent, so that a crash neither loses nor doubles it.

CREATE TABLE slack.outbox (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  -- What its sender knows it by: asked for again, it is sent once.
  key text NOT NULL CHECK (char_length(key) BETWEEN 1 AND 300),
  kind text NOT NULL CHECK (kind IN ('post', 'update', 'answer', 'file')),
  channel text NOT NULL,
  thread text,
  -- Gone once it is settled.
  content jsonb,
  file bytea,
  -- Slack's id of the file, known before it is shared.
  file_id text,
  -- Slack's `ts` of each of its messages, in order.
  sent text[] NOT NULL DEFAULT '{}',
  -- `open`: an answer that is still being made. `due`: to be sent. `closed`: its workspace has ended, or its day is over.
  state text NOT NULL DEFAULT 'due' CHECK (state IN ('open', 'due', 'sent', 'refused', 'closed')),
  attempt integer NOT NULL DEFAULT 1,
  lease_until timestamptz NOT NULL DEFAULT now(),
  -- Slack's code, where it will never take it.
  error text,
  created_at timestamptz NOT NULL DEFAULT now(),
  settled_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT outbox_key UNIQUE (tenant_id, workspace_id, key),
  FOREIGN KEY (tenant_id, workspace_id) REFERENCES slack.workspaces (tenant_id, id) ON DELETE CASCADE,
  CHECK ((state IN ('open', 'due')) = (settled_at IS NULL))
);
SELECT app.isolate('slack.outbox');
CREATE INDEX outbox_due ON slack.outbox (tenant_id, lease_until) WHERE state = 'due';
CREATE INDEX outbox_open ON slack.outbox (tenant_id, created_at) WHERE state IN ('open', 'due');
CREATE INDEX outbox_settled ON slack.outbox (tenant_id, settled_at) WHERE settled_at IS NOT NULL;
-- Rows come and go, and most of their life is short.
ALTER TABLE slack.outbox SET (autovacuum_vacuum_scale_factor = 0.02, fillfactor = 80);

SELECT app.open_to_reviewed('slack.outbox', 'SELECT, UPDATE, DELETE');

-- What dead processes left, over all companies, oldest first; a workspace that has ended gets nothing more.
CREATE FUNCTION slack.left_in_outbox(most integer) RETURNS TABLE (tenant uuid, id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT o.tenant_id, o.id FROM slack.outbox o
  JOIN slack.workspaces w ON w.tenant_id = o.tenant_id AND w.id = o.workspace_id AND w.ended_at IS NULL
  WHERE o.state = 'due' AND o.lease_until < now() ORDER BY o.lease_until, o.id LIMIT most
$$;
SELECT app.reviewed('slack.left_in_outbox(integer)');

-- An answer that is a day late surprises; what was settled weeks ago nobody asks for again.
CREATE FUNCTION slack.sweep_outbox(most integer) RETURNS integer
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH late AS (
    UPDATE slack.outbox o SET state = 'closed', settled_at = now(), content = NULL, file = NULL
    WHERE (o.tenant_id, o.id) IN (
      SELECT l.tenant_id, l.id FROM slack.outbox l
      WHERE l.state IN ('open', 'due') AND l.created_at < now() - interval '1 day' AND l.lease_until < now()
      ORDER BY l.created_at LIMIT most FOR UPDATE SKIP LOCKED)),
  gone AS (
    DELETE FROM slack.outbox o WHERE (o.tenant_id, o.id) IN (
      SELECT l.tenant_id, l.id FROM slack.outbox l WHERE l.settled_at < now() - interval '14 days'
      ORDER BY l.settled_at LIMIT most FOR UPDATE SKIP LOCKED) RETURNING 1)
  SELECT count(*)::integer FROM gone
$$;
SELECT app.reviewed('slack.sweep_outbox(integer)');
