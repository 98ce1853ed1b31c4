-- What every turn leaves: what its models were told, offered and answered, what was called, and what it cost.

CREATE TABLE agents.traces (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  person_id uuid NOT NULL,
  agent text NOT NULL,
  locale text NOT NULL CHECK (locale IN ('da', 'en')),
  status text NOT NULL CHECK (status IN ('done', 'failed', 'stopped')),
  -- The models that were asked, as `provider/model`, in order.
  models text[] NOT NULL,
  calls integer NOT NULL,
  input_tokens integer NOT NULL,
  output_tokens integer NOT NULL,
  -- Milliseconds to the first word, where there was one, and to the end.
  first_token_ms integer,
  total_ms integer NOT NULL,
  -- The trace that this one asks again.
  replay_of uuid,
  -- prompt, message, tools, steps, calls: see the operation's output.
  body jsonb NOT NULL,
  version integer NOT NULL DEFAULT 1,
  started_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, conversation_id) REFERENCES platform.conversations ON DELETE CASCADE
);
SELECT app.isolate('agents.traces');
CREATE INDEX traces_by_start ON agents.traces (tenant_id, started_at, id);
CREATE INDEX traces_of_conversation ON agents.traces (tenant_id, conversation_id, started_at, id);

-- How a company wants its agents' records kept.
CREATE TABLE agents.settings (
  tenant_id uuid NOT NULL PRIMARY KEY,
  trace_days integer NOT NULL CHECK (trace_days BETWEEN 0 AND 3650)
);
SELECT app.isolate('agents.settings');
