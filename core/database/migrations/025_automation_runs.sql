-- What an event has led to is carried on: how many jobs stand between it and whoever set all of it going, and which
-- automations were among them. So none answers what it caused itself.
ALTER TABLE platform.outbox
  ADD COLUMN depth smallint NOT NULL DEFAULT 0,
  ADD COLUMN automations uuid[] NOT NULL DEFAULT '{}';
ALTER TABLE platform.jobs
  ADD COLUMN depth smallint NOT NULL DEFAULT 0,
  ADD COLUMN automations uuid[] NOT NULL DEFAULT '{}';
CREATE INDEX jobs_of_automation ON platform.jobs (tenant_id, rule_id, created_at DESC, id DESC) WHERE rule_id IS NOT NULL;

-- Ends what automations would still have done, with the reason; what a worker has already begun is told to stop.
CREATE FUNCTION platform.cancel_runs(tenant uuid, automation uuid, why text) RETURNS void
  LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  UPDATE platform.jobs j SET
    status = CASE j.status WHEN 'running' THEN j.status ELSE 'cancelled' END,
    ended_at = CASE j.status WHEN 'running' THEN NULL ELSE clock_timestamp() END,
    code = CASE j.status WHEN 'running' THEN j.code ELSE why END,
    cancelling = true, version = j.version + 1, updated_at = now()
  WHERE j.tenant_id = tenant AND j.rule_id = coalesce(automation, j.rule_id) AND j.cause = 'rule'
    AND j.status IN ('held', 'waiting', 'running')
$$;

-- Automations follow in the statement that marks events as moved on: each match is a job, made of the event and the
-- automation, so that an event is answered once however often it is moved. What is refused stands there too, and says why.
CREATE FUNCTION platform.follow_by_automations() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  deepest CONSTANT integer := 8;
  hit record;
  refusal text;
BEGIN
  FOR hit IN
    SELECT m.tenant_id, m.id AS event_id, m.position, m.depth, m.automations, a.id, a.name, a.operation, a.approved_by, a.approved_hash,
      a.delay_minutes, a.runs_per_hour
    FROM moved m
      JOIN before b ON b.tenant_id = m.tenant_id AND b.id = m.id AND b.relayed_at IS NULL
      JOIN platform.automations a
        ON a.tenant_id = m.tenant_id AND a.event = m.type AND a.event_version = m.version AND a.status = 'on'
    WHERE m.relayed_at IS NOT NULL
      AND NOT EXISTS (SELECT FROM platform.automation_stops s WHERE s.tenant_id = m.tenant_id)
      AND platform.meets(a.conditions, m.payload)
    ORDER BY m.position, a.id
  LOOP
    -- An earlier one of these may have been one too many.
    CONTINUE WHEN NOT EXISTS (
      SELECT FROM platform.automations a WHERE a.tenant_id = hit.tenant_id AND a.id = hit.id AND a.status = 'on');
    refusal := CASE WHEN hit.id = ANY (hit.automations) THEN 'automation_loop'
      WHEN hit.depth >= deepest THEN 'automation_too_deep' END;
    IF refusal IS NULL AND hit.runs_per_hour <= (
        SELECT count(*) FROM platform.jobs j
        WHERE j.tenant_id = hit.tenant_id AND j.rule_id = hit.id AND j.created_at > now() - interval '1 hour'
          AND j.code IS DISTINCT FROM 'automation_loop') THEN
      refusal := 'automation_too_often';
      UPDATE platform.automations a SET status = 'stopped', code = refusal WHERE a.tenant_id = hit.tenant_id AND a.id = hit.id;
      PERFORM platform.cancel_runs(hit.tenant_id, hit.id, refusal);
    END IF;
    INSERT INTO platform.jobs (tenant_id, id, cause, name, input, event_id, person_id, rule_id, request_id, depth, automations, run_at,
      status, ended_at, code)
    SELECT hit.tenant_id, r.id, 'rule', 'platform.automations.follow',
      jsonb_build_object('name', hit.name, 'operation', hit.operation, 'hash', hit.approved_hash), hit.event_id, hit.approved_by,
      hit.id, 'automation-' || r.id, hit.depth, hit.automations, now() + make_interval(mins => hit.delay_minutes),
      CASE WHEN refusal IS NULL THEN 'waiting' ELSE 'cancelled' END, CASE WHEN refusal IS NOT NULL THEN now() END, refusal
    FROM (SELECT platform.keyed_id('automation ' || hit.id, hit.event_id::text) AS id) r
    ON CONFLICT DO NOTHING;
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER follow_by_automations AFTER UPDATE ON platform.outbox
  REFERENCING OLD TABLE AS before NEW TABLE AS moved FOR EACH STATEMENT
  EXECUTE FUNCTION platform.follow_by_automations();
