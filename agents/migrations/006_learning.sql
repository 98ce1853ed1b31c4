-- What a company's people taught its agents: a thumb on an answer, and the phrases that follow from it.

CREATE TABLE agents.feedback (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  -- The reply that was judged, once by its person.
  message_id uuid NOT NULL,
  person_id uuid NOT NULL,
  verdict text NOT NULL CHECK (verdict IN ('good', 'bad')),
  -- The operation that would have been right.
  operation text,
  comment text CHECK (char_length(comment) <= 1000),
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, message_id),
  FOREIGN KEY (tenant_id, message_id) REFERENCES platform.messages ON DELETE CASCADE
);
SELECT app.isolate('agents.feedback');
CREATE INDEX feedback_by_creation ON agents.feedback (tenant_id, created_at, id);
CREATE TRIGGER touch BEFORE UPDATE ON agents.feedback FOR EACH ROW EXECUTE FUNCTION app.touch();

CREATE TABLE agents.phrases (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  locale text NOT NULL CHECK (locale IN ('da', 'en')),
  -- With {field} where an argument stood, as the phrases of locale files have them.
  text text NOT NULL CHECK (char_length(text) BETWEEN 1 AND 300),
  -- As it was said, and with which arguments that were in it.
  said text NOT NULL CHECK (char_length(said) BETWEEN 1 AND 300),
  arguments jsonb NOT NULL,
  operation text NOT NULL,
  source text NOT NULL CHECK (source IN ('confirmed', 'corrected')),
  person_id uuid,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, locale, text)
);
SELECT app.isolate('agents.phrases');
CREATE INDEX phrases_by_creation ON agents.phrases (tenant_id, created_at, id);
