-- Agents that a company makes: what each is called, told, asked with and allowed, and every version of it.

CREATE TABLE agents.agents (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 60),
  instructions text NOT NULL CHECK (char_length(instructions) <= 8000),
  -- The company's first model where none is named.
  model_id uuid,
  -- Operation names or patterns such as crm.*:read; an empty list of allowed ones is all that the person may.
  allowed text[] NOT NULL,
  asked text[] NOT NULL,
  denied text[] NOT NULL,
  channels text[] NOT NULL,
  owner_id uuid,
  -- The one that answers where nobody chose another; there is always one.
  is_default boolean NOT NULL DEFAULT false,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
SELECT app.isolate('agents.agents');
CREATE UNIQUE INDEX agents_one_default ON agents.agents (tenant_id) WHERE is_default;
CREATE INDEX agents_by_name ON agents.agents (tenant_id, name COLLATE "da-x-icu", id);
CREATE TRIGGER touch BEFORE UPDATE ON agents.agents FOR EACH ROW EXECUTE FUNCTION app.touch();

-- An agent as it stood at each version; written with the agent and never changed.
CREATE TABLE agents.versions (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  agent_id uuid NOT NULL,
  number integer NOT NULL,
  definition jsonb NOT NULL,
  person_id uuid,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, agent_id, number),
  FOREIGN KEY (tenant_id, agent_id) REFERENCES agents.agents ON DELETE CASCADE
);
SELECT app.isolate('agents.versions');
SELECT app.open_to_reviewed('agents.agents', 'SELECT, INSERT');
SELECT app.open_to_reviewed('agents.versions', 'INSERT');

CREATE FUNCTION agents.definition_of(agent agents.agents) RETURNS jsonb
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN jsonb_build_object('name', agent.name, 'instructions', agent.instructions, 'modelId', agent.model_id,
    'allowed', agent.allowed, 'asked', agent.asked, 'denied', agent.denied, 'channels', agent.channels,
    'ownerId', agent.owner_id);

-- A company begins with an assistant that may do whatever its person may.
CREATE FUNCTION agents.hire_assistant() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  assistant agents.agents;
BEGIN
  INSERT INTO agents.agents (tenant_id, id, name, instructions, allowed, asked, denied, channels, is_default)
    VALUES (NEW.tenant_id, uuidv7(), 'TekUp', '', '{}', '{}', '{}', '{chat,slack,voice}', true) RETURNING * INTO assistant;
  INSERT INTO agents.versions (tenant_id, agent_id, number, definition)
    VALUES (assistant.tenant_id, assistant.id, assistant.version, agents.definition_of(assistant));
  RETURN NULL;
END $$;
SELECT app.reviewed('agents.hire_assistant()');
CREATE TRIGGER hire_assistant AFTER INSERT ON platform.tenants FOR EACH ROW EXECUTE FUNCTION agents.hire_assistant();
