-- What people and companies want their agents to keep in mind, and what was said long ago in a conversation.

-- One person's own: colleagues and administrators do not see it.
CREATE TABLE agents.memories (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  person_id uuid NOT NULL,
  text text NOT NULL CHECK (char_length(text) BETWEEN 1 AND 500),
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
SELECT app.isolate('agents.memories');
CREATE INDEX memories_of_person ON agents.memories (tenant_id, person_id, created_at, id);
CREATE TRIGGER touch BEFORE UPDATE ON agents.memories FOR EACH ROW EXECUTE FUNCTION app.touch();

-- The whole company's: every agent is told of them, whoever it works for.
CREATE TABLE agents.guidelines (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  person_id uuid NOT NULL,
  text text NOT NULL CHECK (char_length(text) BETWEEN 1 AND 500),
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
SELECT app.isolate('agents.guidelines');
CREATE INDEX guidelines_by_creation ON agents.guidelines (tenant_id, created_at, id);
CREATE TRIGGER touch BEFORE UPDATE ON agents.guidelines FOR EACH ROW EXECUTE FUNCTION app.touch();

-- The gist of a conversation up to one message, so that a long one fits into a model. Derived, and made anew at will.
CREATE TABLE agents.summaries (
  tenant_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  -- The last message that the gist tells of.
  message_id uuid NOT NULL,
  text text NOT NULL,
  -- What was made or found: the operations' own words with ids, which no model may shorten.
  facts jsonb NOT NULL,
  PRIMARY KEY (tenant_id, conversation_id),
  FOREIGN KEY (tenant_id, conversation_id) REFERENCES platform.conversations ON DELETE CASCADE
);
SELECT app.isolate('agents.summaries');
