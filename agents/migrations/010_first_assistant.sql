-- The id of a company's first assistant comes from the table, as every other does, and asks for no function of the newest server.
ALTER TABLE agents.agents ALTER COLUMN id SET DEFAULT uuidv7();

CREATE OR REPLACE FUNCTION agents.hire_assistant() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  assistant agents.agents;
BEGIN
  INSERT INTO agents.agents (tenant_id, name, instructions, allowed, asked, denied, channels, is_default)
    VALUES (NEW.tenant_id, 'TekUp', '', '{}', '{}', '{}', '{chat,slack,voice}', true) RETURNING * INTO assistant;
  INSERT INTO agents.versions (tenant_id, agent_id, number, definition)
    VALUES (assistant.tenant_id, assistant.id, assistant.version, agents.definition_of(assistant));
  RETURN NULL;
END $$;
