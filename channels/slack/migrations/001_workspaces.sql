-- Slack: the apps and workspaces through which a company's people meet their agents.

CREATE SCHEMA slack;
GRANT USAGE ON SCHEMA slack TO tekup_app, tekup_definer;
GRANT CREATE ON SCHEMA slack TO tekup_definer;

-- Slack apps of companies' own; the installation's app stands in its settings.
CREATE TABLE slack.apps (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 80),
  -- As Slack calls it: A0123456789.
  app_id text NOT NULL CHECK (app_id ~ '^A[A-Z0-9]{2,30}$'),
  client_id text NOT NULL,
  client_secret app.sealed NOT NULL,
  signing_secret app.sealed,
  -- Opens sockets, where the company's network lets nothing in.
  app_token app.sealed,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT own_app UNIQUE (tenant_id, app_id),
  CHECK (signing_secret IS NOT NULL OR app_token IS NOT NULL)
);
SELECT app.isolate('slack.apps');
CREATE INDEX apps_by_name ON slack.apps (tenant_id, name COLLATE "da-x-icu", id);
CREATE INDEX apps_by_slack ON slack.apps USING hash (app_id);
CREATE TRIGGER touch BEFORE UPDATE ON slack.apps FOR EACH ROW EXECUTE FUNCTION app.touch();

CREATE TABLE slack.workspaces (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  -- The company's own app; null is the installation's.
  own_app_id uuid,
  app_id text NOT NULL,
  -- Null where the app is installed for a whole organisation (Enterprise Grid).
  team_id text,
  enterprise_id text,
  -- What an event names it by.
  place text NOT NULL GENERATED ALWAYS AS (coalesce(team_id, enterprise_id)) STORED,
  bot_user_id text NOT NULL,
  bot_id text NOT NULL,
  scopes text[] NOT NULL DEFAULT '{}',
  token app.sealed,
  refresh_token app.sealed,
  -- Null where tokens do not expire.
  token_expires_at timestamptz,
  installed_by uuid,
  -- Why nothing goes in or out any more: a code.
  ended_at timestamptz,
  ended_because text CHECK (ended_because IN ('uninstalled', 'revoked', 'refused', 'disconnected')),
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT workspace_of_app UNIQUE (tenant_id, app_id, place),
  FOREIGN KEY (tenant_id, own_app_id) REFERENCES slack.apps (tenant_id, id),
  CHECK ((ended_at IS NULL) = (ended_because IS NULL)),
  CHECK (ended_at IS NULL OR (token IS NULL AND refresh_token IS NULL))
);
SELECT app.isolate('slack.workspaces');
CREATE INDEX workspaces_by_name ON slack.workspaces (tenant_id, name COLLATE "da-x-icu", id);
CREATE INDEX workspaces_of_own_app ON slack.workspaces (tenant_id, own_app_id);
-- An event says the workspace and not whose it is.
CREATE INDEX workspaces_by_place ON slack.workspaces USING hash (place);
CREATE TRIGGER touch BEFORE UPDATE ON slack.workspaces FOR EACH ROW EXECUTE FUNCTION app.touch();

SELECT app.open_to_reviewed('slack.apps', 'SELECT');
SELECT app.open_to_reviewed('slack.workspaces', 'SELECT');

-- Whose workspace a delivery speaks of, by the app that it was signed for: what one company's app signs reaches no other
-- company. The workspace itself comes before its organisation.
CREATE FUNCTION slack.workspace_of(asked_own_app uuid, asked_app text, asked_team text, asked_enterprise text)
  RETURNS TABLE (tenant uuid, id uuid, "appId" text, "teamId" text, "enterpriseId" text, "botUserId" text, "botId" text, name text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT w.tenant_id, w.id, w.app_id, w.team_id, w.enterprise_id, w.bot_user_id, w.bot_id, w.name
  FROM slack.workspaces w
  WHERE w.place IN (asked_team, asked_enterprise) AND (w.team_id = asked_team OR (w.team_id IS NULL AND w.enterprise_id = asked_enterprise))
    AND w.app_id = asked_app AND w.own_app_id IS NOT DISTINCT FROM asked_own_app AND w.ended_at IS NULL
    AND NOT EXISTS (SELECT FROM platform.domains_off o WHERE o.tenant_id = w.tenant_id AND o.domain = 'slack')
  ORDER BY w.team_id NULLS LAST LIMIT 1
$$;
SELECT app.reviewed('slack.workspace_of(uuid, text, text, text)');

-- The company that a workspace or an organisation belongs to, while it is connected.
CREATE FUNCTION slack.holder_of(asked_place text) RETURNS uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT w.tenant_id FROM slack.workspaces w WHERE w.place = asked_place AND w.ended_at IS NULL LIMIT 1
$$;
SELECT app.reviewed('slack.holder_of(text)');
