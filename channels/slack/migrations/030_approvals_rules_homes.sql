-- What was shown in Slack of approvals, so that each place can be given the record once it is settled, wherever that was.

CREATE TABLE slack.approval_cards (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  approval_id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  channel text NOT NULL,
  thread text,
  is_direct boolean NOT NULL,
  -- 'card' has the buttons; 'note' says in the thread where they are.
  kind text NOT NULL CHECK (kind IN ('card', 'note')),
  -- For whom the agent asked: a card shows what they may see.
  person_id uuid NOT NULL,
  locale text NOT NULL CHECK (locale IN ('da', 'en')),
  -- Slack's name of the message; none until it is there.
  ts text,
  -- The status of the approval that stands there now.
  shown text NOT NULL DEFAULT 'pending',
  -- Slack refuses it for good: the channel is gone, or the workspace.
  given_up boolean NOT NULL DEFAULT false,
  tried_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, workspace_id) REFERENCES slack.workspaces (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, approval_id) REFERENCES platform.approvals (tenant_id, id) ON DELETE CASCADE,
  CONSTRAINT one_card_a_place UNIQUE NULLS NOT DISTINCT (tenant_id, approval_id, workspace_id, channel, thread)
);
SELECT app.isolate('slack.approval_cards');
CREATE INDEX approval_cards_of_workspace ON slack.approval_cards (tenant_id, workspace_id);
CREATE TRIGGER touch BEFORE UPDATE ON slack.approval_cards FOR EACH ROW EXECUTE FUNCTION app.touch();

-- Cards that do not show how things are: whoever should have said so was away.
SELECT app.open_to_reviewed('slack.approval_cards', 'SELECT');
CREATE INDEX open_approval_cards ON slack.approval_cards (tenant_id, approval_id) WHERE NOT given_up AND shown IN ('pending', 'approved');
CREATE FUNCTION slack.stale_cards(idle_seconds integer, most integer) RETURNS TABLE (tenant uuid, approval uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT DISTINCT c.tenant_id, c.approval_id FROM slack.approval_cards c
  JOIN platform.approvals a ON a.tenant_id = c.tenant_id AND a.id = c.approval_id
  WHERE NOT c.given_up AND c.shown IN ('pending', 'approved') AND (c.ts IS NULL OR c.shown <> a.status)
    AND c.tried_at < now() - make_interval(secs => idle_seconds) LIMIT most
$$;
SELECT app.reviewed('slack.stale_cards(integer, integer)');

-- Channels that the app has met, by the name that Slack gave.
CREATE TABLE slack.channels (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  -- Slack's: C0123456789.
  channel text NOT NULL,
  name text NOT NULL,
  is_private boolean NOT NULL DEFAULT false,
  is_shared boolean NOT NULL DEFAULT false,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, workspace_id) REFERENCES slack.workspaces (tenant_id, id) ON DELETE CASCADE,
  CONSTRAINT channel_of_workspace UNIQUE (tenant_id, workspace_id, channel)
);
SELECT app.isolate('slack.channels');
CREATE INDEX channels_by_name ON slack.channels (tenant_id, name COLLATE "da-x-icu", id);
CREATE TRIGGER touch BEFORE UPDATE ON slack.channels FOR EACH ROW EXECUTE FUNCTION app.touch();

-- What was chosen for the company, a workspace or a channel. What is null comes from the one above.
CREATE TABLE slack.rules (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  workspace_id uuid,
  channel_id uuid,
  agent_id uuid,
  answers text CHECK (answers IN ('mentions', 'everything')),
  approvers uuid[],
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, workspace_id) REFERENCES slack.workspaces (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, channel_id) REFERENCES slack.channels (tenant_id, id) ON DELETE CASCADE,
  CONSTRAINT one_rule_a_place UNIQUE NULLS NOT DISTINCT (tenant_id, workspace_id, channel_id),
  CHECK (workspace_id IS NULL OR channel_id IS NULL)
);
SELECT app.isolate('slack.rules');
CREATE INDEX rules_of_channel ON slack.rules (tenant_id, channel_id);
CREATE TRIGGER touch BEFORE UPDATE ON slack.rules FOR EACH ROW EXECUTE FUNCTION app.touch();

-- What holds in a channel, or for a workspace or the company where none is asked about: the nearest that was chosen.
CREATE FUNCTION slack.rules_of(asked_workspace uuid, asked_channel uuid)
  RETURNS TABLE (agent_id uuid, agent_from text, answers text, answers_from text, approvers uuid[], approvers_from text)
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH chosen AS MATERIALIZED (
    SELECT r.agent_id, r.answers, r.approvers,
      CASE WHEN r.channel_id IS NOT NULL THEN 1 WHEN r.workspace_id IS NOT NULL THEN 2 ELSE 3 END AS level
    FROM slack.rules r
    WHERE r.tenant_id = (SELECT app.tenant())
      AND (r.channel_id = asked_channel OR r.channel_id IS NULL AND (r.workspace_id IS NULL OR r.workspace_id = asked_workspace)))
  SELECT agent.agent_id, coalesce(origin[agent.level], 'standard'),
    coalesce(answers.answers, 'mentions'), coalesce(origin[answers.level], 'standard'),
    coalesce(approvers.approvers, '{}'), coalesce(origin[approvers.level], 'standard')
  FROM (SELECT ARRAY['channel', 'workspace', 'company'] AS origin) names
    LEFT JOIN LATERAL (SELECT c.agent_id, c.level FROM chosen c WHERE c.agent_id IS NOT NULL ORDER BY c.level LIMIT 1) agent ON true
    LEFT JOIN LATERAL (SELECT c.answers, c.level FROM chosen c WHERE c.answers IS NOT NULL ORDER BY c.level LIMIT 1) answers ON true
    LEFT JOIN LATERAL (SELECT c.approvers, c.level FROM chosen c WHERE c.approvers IS NOT NULL ORDER BY c.level LIMIT 1) approvers ON true
$$;

-- The company, its workspaces and their channels, each with what holds there. The company goes by its own id.
CREATE VIEW slack.channel_list WITH (security_invoker = true) AS
  SELECT place.*, rules.*, coalesce(own.version, 0) + 1 AS version, coalesce(own.created_at, place.met_at) AS created_at,
    coalesce(own.updated_at, place.met_at) AS updated_at,
    CASE place.kind WHEN 'company' THEN '' ELSE place.workspace_name || E'\n' || CASE place.kind WHEN 'channel' THEN place.name ELSE '' END END AS rank
  FROM (
    SELECT t.tenant_id, t.tenant_id AS id, 'company' AS kind, NULL::uuid AS workspace_id, NULL AS workspace_name, t.name,
      false AS is_private, false AS is_shared, t.created_at AS met_at
    FROM platform.tenants t WHERE t.tenant_id = (SELECT app.tenant())
    UNION ALL
    SELECT w.tenant_id, w.id, 'workspace', w.id, w.name, w.name, false, false, w.created_at
    FROM slack.workspaces w WHERE w.ended_at IS NULL
    UNION ALL
    SELECT c.tenant_id, c.id, 'channel', c.workspace_id, w.name, c.name, c.is_private, c.is_shared, c.created_at
    FROM slack.channels c JOIN slack.workspaces w ON w.tenant_id = c.tenant_id AND w.id = c.workspace_id
    WHERE w.ended_at IS NULL) place
  CROSS JOIN LATERAL slack.rules_of(place.workspace_id, CASE place.kind WHEN 'channel' THEN place.id END) rules
  LEFT JOIN slack.rules own ON own.tenant_id = place.tenant_id
    AND own.workspace_id IS NOT DISTINCT FROM CASE place.kind WHEN 'workspace' THEN place.id END
    AND own.channel_id IS NOT DISTINCT FROM CASE place.kind WHEN 'channel' THEN place.id END;
GRANT SELECT ON slack.channel_list TO tekup_app;

-- App Homes that people have opened: they are shown anew when what stands in them changes.
CREATE TABLE slack.homes (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  slack_user text NOT NULL,
  person_id uuid NOT NULL,
  -- Of the view as it was last published; whoever holds an older one does not write over it.
  hash text,
  opened_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, workspace_id) REFERENCES slack.workspaces (tenant_id, id) ON DELETE CASCADE,
  CONSTRAINT home_of_user UNIQUE (tenant_id, workspace_id, slack_user)
);
SELECT app.isolate('slack.homes');
CREATE INDEX homes_of_person ON slack.homes (tenant_id, person_id);
CREATE TRIGGER touch BEFORE UPDATE ON slack.homes FOR EACH ROW EXECUTE FUNCTION app.touch();
