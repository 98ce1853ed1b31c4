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
  signing_secret app.sealed NOT NULL,
  -- Opens sockets, where the company's network lets nothing in.
  app_token app.sealed,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT own_app UNIQUE (tenant_id, app_id)
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
  installed_in text NOT NULL GENERATED ALWAYS AS (coalesce(team_id, enterprise_id)) STORED,
  bot_user_id text NOT NULL,
  bot_id text NOT NULL,
  scopes text[] NOT NULL DEFAULT '{}',
  token app.sealed,
  refresh_token app.sealed,
  -- Null where tokens do not expire.
  token_expires_at timestamptz,
  -- While one process fetches a new token, the others wait for it.
  refreshing_until timestamptz,
  -- When Slack last said that it drops events of ours, because they are too many.
  limited_at timestamptz,
  installed_by uuid,
  -- Why nothing goes in or out any more: a code.
  ended_at timestamptz,
  ended_because text CHECK (ended_because IN ('uninstalled', 'refused', 'disconnected')),
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT workspace_of_app UNIQUE (tenant_id, app_id, installed_in),
  FOREIGN KEY (tenant_id, own_app_id) REFERENCES slack.apps (tenant_id, id),
  CHECK ((ended_at IS NULL) = (ended_because IS NULL)),
  CHECK (ended_at IS NULL OR (token IS NULL AND refresh_token IS NULL))
);
SELECT app.isolate('slack.workspaces');
CREATE INDEX workspaces_by_name ON slack.workspaces (tenant_id, name COLLATE "da-x-icu", id);
CREATE INDEX workspaces_of_own_app ON slack.workspaces (tenant_id, own_app_id);
-- An event says the workspace and not whose it is.
CREATE INDEX workspaces_by_place ON slack.workspaces USING hash (installed_in);
CREATE INDEX workspaces_by_organisation ON slack.workspaces USING hash (enterprise_id);
CREATE TRIGGER touch BEFORE UPDATE OF name, scopes, installed_by, limited_at, ended_at ON slack.workspaces
  FOR EACH ROW EXECUTE FUNCTION app.touch();

-- Every process that works for it stops at once.
CREATE FUNCTION slack.tell_end() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_notify('tekup_slack_ended', NEW.tenant_id || ' ' || NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER tell_end AFTER UPDATE OF ended_at ON slack.workspaces FOR EACH ROW
  WHEN (NEW.ended_at IS NOT NULL AND OLD.ended_at IS NULL) EXECUTE FUNCTION slack.tell_end();

SELECT app.open_to_reviewed('slack.apps', 'SELECT');
SELECT app.open_to_reviewed('slack.workspaces', 'SELECT');

-- Whose workspace a delivery speaks of, by the app that it was signed for: what one company's app signs reaches no other
-- company. The workspace itself comes before its organisation.
CREATE FUNCTION slack.workspace_of(asked_own_app uuid, asked_app text, asked_team text, asked_enterprise text)
  RETURNS TABLE (tenant uuid, id uuid, "appId" text, "teamId" text, "enterpriseId" text, "botUserId" text, "botId" text, name text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT w.tenant_id, w.id, w.app_id, w.team_id, w.enterprise_id, w.bot_user_id, w.bot_id, w.name
  FROM slack.workspaces w
  WHERE w.installed_in IN (asked_team, asked_enterprise) AND (w.team_id = asked_team OR (w.team_id IS NULL AND w.enterprise_id = asked_enterprise))
    AND w.app_id = asked_app AND w.own_app_id IS NOT DISTINCT FROM asked_own_app AND w.ended_at IS NULL
    AND NOT EXISTS (SELECT FROM platform.domains_off o WHERE o.tenant_id = w.tenant_id AND o.domain = 'slack')
  ORDER BY w.team_id NULLS LAST LIMIT 1
$$;
SELECT app.reviewed('slack.workspace_of(uuid, text, text, text)');

-- Whether another company has this workspace, or the organisation that it is a part of, or a part of this organisation.
CREATE FUNCTION slack.is_taken(asked_team text, asked_enterprise text) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (
    SELECT FROM slack.workspaces w
    WHERE w.ended_at IS NULL AND w.tenant_id <> app.required_tenant()
      AND (w.team_id = asked_team OR (w.enterprise_id = asked_enterprise AND (w.team_id IS NULL OR asked_team IS NULL))))
$$;
SELECT app.reviewed('slack.is_taken(text, text)');

-- Whose app a delivery is addressed to: several companies may name it, and the signature says which of them has it.
CREATE FUNCTION slack.app_of(asked text) RETURNS TABLE (tenant uuid, id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT a.tenant_id, a.id FROM slack.apps a WHERE a.app_id = asked ORDER BY a.created_at LIMIT 20
$$;
SELECT app.reviewed('slack.app_of(text)');

-- Apps that are reached by a socket of ours.
CREATE FUNCTION slack.socket_apps() RETURNS TABLE (tenant uuid, id uuid, version integer)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT a.tenant_id, a.id, a.version FROM slack.apps a
  WHERE a.app_token IS NOT NULL
    AND NOT EXISTS (SELECT FROM platform.domains_off o WHERE o.tenant_id = a.tenant_id AND o.domain = 'slack')
$$;
SELECT app.reviewed('slack.socket_apps()');

-- Workspaces whose token will expire within so many seconds.
CREATE FUNCTION slack.expiring_workspaces(seconds integer) RETURNS TABLE (tenant uuid, id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT w.tenant_id, w.id FROM slack.workspaces w
  WHERE w.ended_at IS NULL AND w.refresh_token IS NOT NULL AND w.token_expires_at < clock_timestamp() + make_interval(secs => seconds)
$$;
SELECT app.reviewed('slack.expiring_workspaces(integer)');

-- Installations that an admin has begun and Slack has not yet answered.
CREATE TABLE slack.installs (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  person_id uuid NOT NULL,
  own_app_id uuid,
  redirect_uri text NOT NULL,
  -- SHA-256 of what the admin's browser keeps in a cookie.
  browser bytea NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, own_app_id) REFERENCES slack.apps (tenant_id, id) ON DELETE CASCADE
);
SELECT app.isolate('slack.installs');
CREATE INDEX installs_of_app ON slack.installs (tenant_id, own_app_id);

-- Who holds the one socket of an app. Nobody's data: only the functions below touch it.
CREATE TABLE slack.leaders (
  app text PRIMARY KEY,
  holder uuid NOT NULL,
  until timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON slack.leaders TO tekup_definer;
CREATE FUNCTION slack.lead(asked text, me uuid, seconds integer) RETURNS boolean
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH led AS (
    INSERT INTO slack.leaders AS l (app, holder, until)
    VALUES (asked, me, clock_timestamp() + make_interval(secs => seconds))
    ON CONFLICT (app) DO UPDATE SET holder = EXCLUDED.holder, until = EXCLUDED.until
      WHERE l.holder = me OR l.until < clock_timestamp()
    RETURNING 1)
  SELECT EXISTS (SELECT FROM led)
$$;
SELECT app.reviewed('slack.lead(text, uuid, integer)');
CREATE FUNCTION slack.step_down(asked text, me uuid) RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  DELETE FROM slack.leaders l WHERE l.app = asked AND l.holder = me
$$;
SELECT app.reviewed('slack.step_down(text, uuid)');
