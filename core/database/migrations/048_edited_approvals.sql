-- A person may approve with other values than were asked: what is carried out stands beside what was asked, and neither changes.

ALTER TABLE platform.approvals
  -- The fields that a person may change.
  ADD COLUMN editable text[] NOT NULL DEFAULT '{}',
  -- What is carried out in the place of the input, its hash, and what a person reads of it; NULL where it is what was asked.
  ADD COLUMN changed_input text,
  ADD COLUMN changed_hash text CHECK (changed_hash ~ '^[0-9a-f]{64}$'),
  ADD COLUMN changed_words jsonb,
  ADD CONSTRAINT changed_wholly CHECK (num_nulls(changed_input, changed_hash, changed_words) IN (0, 3));

-- What was asked never changes, nor where; what is done instead is said with the decision and not afterwards.
CREATE OR REPLACE FUNCTION platform.keep_approval() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF (NEW.person_id, NEW.agent_id, NEW.operation, NEW.effect, NEW.permission, NEW.plugin_version, NEW.input, NEW.input_hash,
      NEW.words, NEW.deciders, NEW.untrusted, NEW.surface, NEW.subject_version, NEW.pins, NEW.editable) IS DISTINCT FROM
     (OLD.person_id, OLD.agent_id, OLD.operation, OLD.effect, OLD.permission, OLD.plugin_version, OLD.input, OLD.input_hash,
      OLD.words, OLD.deciders, OLD.untrusted, OLD.surface, OLD.subject_version, OLD.pins, OLD.editable) THEN
    RAISE EXCEPTION 'what was asked cannot be changed';
  END IF;
  IF (NEW.changed_input, NEW.changed_hash, NEW.changed_words) IS DISTINCT FROM (OLD.changed_input, OLD.changed_hash, OLD.changed_words)
      AND (OLD.status, NEW.status) <> ('pending', 'approved') THEN
    RAISE EXCEPTION 'what was approved cannot be changed';
  END IF;
  -- A conversation is deleted; a question does not move to another.
  IF NEW.conversation_id IS NOT NULL AND NEW.conversation_id IS DISTINCT FROM OLD.conversation_id THEN
    RAISE EXCEPTION 'what was asked cannot be changed';
  END IF;
  IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
      ('pending', 'approved'), ('pending', 'rejected'), ('pending', 'expired'),
      ('approved', 'done'), ('approved', 'failed'), ('approved', 'void')) THEN
    RAISE EXCEPTION 'an approval that is % does not become %', OLD.status, NEW.status;
  END IF;
  RETURN NEW;
END $$;

-- A call that waited takes over what was really carried out, so that whoever reads it afterwards, an agent too, reads the truth.
CREATE OR REPLACE FUNCTION platform.calls_with_outcomes(calls jsonb) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN NOT calls @> '[{"status": "waiting"}]' THEN calls ELSE (
    SELECT jsonb_agg(CASE WHEN a.outcome IS NULL THEN call ELSE (call - 'error') || jsonb_build_object(
        'status', CASE a.status WHEN 'done' THEN 'done' WHEN 'failed' THEN 'failed' ELSE 'refused' END,
        'summary', a.outcome ->> a.locale)
        || CASE WHEN a.changed_input IS NULL THEN '{}' ELSE jsonb_build_object('input', a.changed_input::jsonb) END
        || CASE a.status WHEN 'done' THEN jsonb_build_object('output', a.output)
        ELSE jsonb_build_object('error', jsonb_build_object('code', a.code, 'message', a.outcome ->> a.locale)) END END
      ORDER BY place)
    FROM jsonb_array_elements(calls) WITH ORDINALITY AS each(call, place)
      LEFT JOIN platform.approvals a ON a.tenant_id = (SELECT app.tenant())
        AND call ->> 'status' = 'waiting' AND a.id = (call #>> '{approval,id}')::uuid) END
$$;
