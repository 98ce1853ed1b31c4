-- The schema of the agents: their models, definitions, memory, traces and what they learned.

CREATE SCHEMA agents;
GRANT USAGE ON SCHEMA agents TO tekup_app, tekup_definer;
GRANT CREATE ON SCHEMA agents TO tekup_definer;
