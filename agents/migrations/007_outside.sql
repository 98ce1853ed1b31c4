-- Outside MCP servers that a company lets its agents use, and their tools as an admin has taken them in.

CREATE TABLE agents.servers (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 40),
  -- The domain of its tools' operations.
  domain text NOT NULL CHECK (domain ~ '^outside[A-Z][A-Za-z0-9]*$'),
  url text NOT NULL,
  -- The header that the key is sent in.
  header text NOT NULL,
  key app.sealed,
  enabled boolean NOT NULL DEFAULT true,
  -- When its list of tools was last taken in.
  checked_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, domain)
);
SELECT app.isolate('agents.servers');
CREATE INDEX servers_by_name ON agents.servers (tenant_id, name COLLATE "da-x-icu", id);
CREATE TRIGGER touch BEFORE UPDATE OF name, url, header, key, enabled ON agents.servers
  FOR EACH ROW EXECUTE FUNCTION app.touch();

CREATE TABLE agents.tools (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  server_id uuid NOT NULL,
  -- As the server calls it, and as the last part of an operation's name.
  name text NOT NULL,
  verb text NOT NULL,
  -- What agents are told of it, and the hash of all that the server said when an admin approved that; null before.
  definition jsonb,
  hash text,
  -- What the server says now; null where it has the tool no more.
  offered jsonb,
  offered_hash text,
  is_usable boolean NOT NULL,
  effect text NOT NULL DEFAULT 'send' CHECK (effect IN ('read', 'write', 'send', 'destroy')),
  trusted boolean NOT NULL DEFAULT false,
  allowed boolean NOT NULL DEFAULT true,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, server_id, name),
  UNIQUE (tenant_id, server_id, verb),
  FOREIGN KEY (tenant_id, server_id) REFERENCES agents.servers ON DELETE CASCADE
);
SELECT app.isolate('agents.tools');
CREATE INDEX tools_by_name ON agents.tools (tenant_id, name, id);
CREATE TRIGGER touch BEFORE UPDATE OF definition, hash, effect, trusted, allowed ON agents.tools
  FOR EACH ROW EXECUTE FUNCTION app.touch();
