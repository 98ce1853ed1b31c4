-- How far what a company has set up has come: a number that moves with every change of it. A message is answered with the mark, so
-- what was read under the same one need not be read again.

CREATE TABLE platform.marks (
  tenant_id uuid NOT NULL PRIMARY KEY,
  mark bigint NOT NULL
);
SELECT app.isolate('platform.marks');
SELECT app.open_to_reviewed('platform.marks', 'SELECT, INSERT, UPDATE');

-- For tables that hold what is set up. As a deferred trigger, so that a transaction takes the mark's row last.
CREATE FUNCTION platform.move_mark() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO platform.marks AS m (tenant_id, mark) VALUES (coalesce(NEW.tenant_id, OLD.tenant_id), 1)
  ON CONFLICT (tenant_id) DO UPDATE SET mark = m.mark + 1;
  RETURN NULL;
END $$;
SELECT app.reviewed('platform.move_mark()');

-- Moves the mark with every change of a table's rows.
CREATE FUNCTION platform.mark_changes(target regclass) RETURNS void
  LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE CONSTRAINT TRIGGER move_mark AFTER INSERT OR UPDATE OR DELETE ON %s DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION platform.move_mark()', target);
END $$;
REVOKE ALL ON FUNCTION platform.mark_changes(regclass) FROM PUBLIC;

-- As before, and answers the mark with the rest.
CREATE OR REPLACE FUNCTION platform.receive_message(sent jsonb, said jsonb) RETURNS jsonb
  LANGUAGE plpgsql AS $$
DECLARE
  known jsonb;
  c platform.conversations;
  asked uuid := (sent->>'message')::uuid;
  turn uuid := (sent->>'turn')::uuid;
  moment timestamptz := (sent->>'at')::timestamptz;
  claimed boolean;
BEGIN
  IF sent->>'key' IS NOT NULL THEN
    known := platform.known_delivery(sent);
    IF known IS NOT NULL THEN RETURN known; END IF;
  END IF;
  c := platform.enter_conversation(sent);
  IF c.id IS NULL THEN RETURN '{"refusal": "not_found"}'; END IF;
  IF sent->>'conversation' IS NOT NULL THEN PERFORM platform.end_abandoned_before(c.id, turn, said); END IF;
  claimed := sent->>'conversation' IS NULL OR NOT platform.turn_is_blocked(c.id, turn);
  INSERT INTO platform.messages (tenant_id, id, conversation_id, person_id, role, text, locale, status, delivery_key, at)
  VALUES
    (c.tenant_id, asked, c.id, c.person_id, 'person', sent->>'text', sent->>'locale', 'done', sent->>'key', moment),
    (c.tenant_id, (sent->>'reply')::uuid, c.id, c.person_id, 'agent', '', sent->>'locale', 'running', NULL, moment);
  INSERT INTO platform.turns
    (tenant_id, id, conversation_id, person_id, message_id, reply_id, surface, status, attempt, lease_until)
  VALUES (c.tenant_id, turn, c.id, c.person_id, asked, (sent->>'reply')::uuid, sent->>'surface',
    CASE WHEN claimed THEN 'running' ELSE 'waiting' END, claimed::integer,
    now() + make_interval(secs => (sent->>'leaseSeconds')::integer));
  RETURN jsonb_build_object('conversation', c.id, 'message', asked, 'turn', turn, 'claimed', claimed,
    'agent', c.agent_id, 'untrusted', c.untrusted,
    'mark', (SELECT m.mark::text FROM platform.marks m WHERE m.tenant_id = c.tenant_id),
    'purse', CASE WHEN claimed AND sent ? 'purse' THEN platform.reserve_purse(sent->'purse') END);
END $$;
