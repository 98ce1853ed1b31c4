-- What people and agents say to each other, and the turns in which an agent answers.

CREATE TABLE platform.conversations (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  person_id uuid NOT NULL,
  title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 200),
  -- It has seen outsiders' words; see the trigger: the label only rises.
  untrusted boolean NOT NULL DEFAULT false,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  -- When something was last said in it.
  active_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
SELECT app.isolate('platform.conversations');
CREATE INDEX conversations_of_person ON platform.conversations (tenant_id, person_id, active_at DESC, id DESC);
CREATE TRIGGER touch BEFORE UPDATE OF title ON platform.conversations FOR EACH ROW EXECUTE FUNCTION app.touch();

CREATE FUNCTION platform.keep_untrusted() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'a conversation that has seen untrusted content stays untrusted';
END $$;
CREATE TRIGGER untrusted_only_rises BEFORE UPDATE ON platform.conversations
  FOR EACH ROW WHEN (OLD.untrusted AND NOT NEW.untrusted) EXECUTE FUNCTION platform.keep_untrusted();

CREATE TABLE platform.messages (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  person_id uuid NOT NULL,
  role text NOT NULL CHECK (role IN ('person', 'agent')),
  text text NOT NULL,
  locale text NOT NULL CHECK (locale IN ('da', 'en')),
  -- The operations that a reply called, in order: id, operation, title, input, status, output, summary, error.
  calls jsonb NOT NULL DEFAULT '[]',
  status text NOT NULL DEFAULT 'done' CHECK (status IN ('running', 'done', 'failed', 'stopped')),
  -- What a channel knows a delivery by: a repeat of it is the same message, even before it has a conversation.
  delivery_key text CHECK (char_length(delivery_key) BETWEEN 1 AND 200),
  at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, person_id, delivery_key),
  FOREIGN KEY (tenant_id, conversation_id) REFERENCES platform.conversations ON DELETE CASCADE
);
SELECT app.isolate('platform.messages');
CREATE INDEX messages_of_conversation ON platform.messages (tenant_id, conversation_id, at, id);

CREATE TABLE platform.turns (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  person_id uuid NOT NULL,
  message_id uuid NOT NULL,
  reply_id uuid NOT NULL,
  surface text NOT NULL,
  status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'running', 'done', 'failed', 'stopped')),
  -- Counts the runs; a run that lost its lease to a later one can write nothing more.
  attempt integer NOT NULL DEFAULT 0,
  -- Moved on while somebody works on it; past it, the turn's process is gone.
  lease_until timestamptz NOT NULL,
  code text,
  started_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, message_id),
  UNIQUE (tenant_id, reply_id),
  FOREIGN KEY (tenant_id, conversation_id) REFERENCES platform.conversations ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, message_id) REFERENCES platform.messages ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, reply_id) REFERENCES platform.messages ON DELETE CASCADE
);
SELECT app.isolate('platform.turns');
CREATE INDEX turns_of_conversation ON platform.turns (tenant_id, conversation_id, id);
CREATE INDEX turns_unfinished ON platform.turns (tenant_id, lease_until) WHERE status IN ('waiting', 'running');

-- Turns whose process is gone, in every company: who finishes them acts as their own tenant and person.
SELECT app.open_to_reviewed('platform.turns', 'SELECT');
CREATE FUNCTION platform.interrupted_turns(most integer)
  RETURNS TABLE (tenant_id uuid, person_id uuid, turn_id uuid, started_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT t.tenant_id, t.person_id, t.id, t.started_at FROM platform.turns t
  WHERE t.status IN ('waiting', 'running') AND t.lease_until < now() ORDER BY t.id LIMIT most
$$;
SELECT app.reviewed('platform.interrupted_turns(integer)');
