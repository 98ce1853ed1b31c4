-- Models that a company has chosen for its agents, in the order in which they are asked.

CREATE TABLE agents.models (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
  vendor text NOT NULL CHECK (vendor IN ('openai', 'azure', 'google')),
  model text NOT NULL,
  base_url text NOT NULL,
  api_version text,
  api_key app.sealed,
  -- The last four characters of a key, for people to know it by.
  key_ending text,
  -- From 1, the default, upwards without gaps.
  ordinal integer NOT NULL,
  -- What the last test came to.
  checked text,
  checked_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
SELECT app.isolate('agents.models');
CREATE INDEX models_in_order ON agents.models (tenant_id, ordinal, id);
-- Neither a test nor another place makes it another model; a new key does, and its ending is written with it.
CREATE TRIGGER touch BEFORE UPDATE OF name, vendor, model, base_url, api_version, key_ending ON agents.models
  FOR EACH ROW EXECUTE FUNCTION app.touch();
