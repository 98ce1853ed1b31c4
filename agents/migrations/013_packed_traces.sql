-- What a trace keeps by itself is packed (`traces/packed.ts`) and read again by the program; those of before stay as they are,
-- with the functions of 012 that read them. An id tells when its turn began, so that the primary key holds them in order of time.
ALTER TABLE agents.traces
  ALTER COLUMN body DROP NOT NULL,
  ADD COLUMN message_id uuid,
  ADD COLUMN reply_id uuid,
  -- The message, where it may not be shown as it was written.
  ADD COLUMN message text,
  -- One byte that says how, and what it holds.
  ADD COLUMN packed bytea;
DROP INDEX agents.traces_by_start;
DROP INDEX agents.traces_of_conversation;
CREATE INDEX traces_of_conversation ON agents.traces (tenant_id, conversation_id, id);

-- Beside prompts, long texts that the turns of one conversation begin with, such as what is left of its older part: they go with it.
-- A hash is the first 16 bytes of the SHA-256 from now on.
ALTER TABLE agents.prompts
  ADD COLUMN conversation_id uuid,
  ADD FOREIGN KEY (tenant_id, conversation_id) REFERENCES platform.conversations ON DELETE CASCADE;
CREATE INDEX prompts_of_conversation ON agents.prompts (tenant_id, conversation_id) WHERE conversation_id IS NOT NULL;

-- For how many days traces are kept is remembered until it changes.
SELECT platform.mark_changes('agents.settings'::regclass);

-- The earliest id of what began at that time: 48 bits of milliseconds come first (RFC 9562, section 5.7).
CREATE FUNCTION agents.first_id_at(moment timestamptz) RETURNS uuid
  LANGUAGE sql IMMUTABLE
  RETURN rpad(lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0'), 32, '0')::uuid;
