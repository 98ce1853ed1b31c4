-- When jobs run by the clock: a row for each schedule of each company, with the time of its next run. The clock is the
-- database's, so it does not matter what the clocks of processes say.

CREATE TABLE platform.schedules (
  tenant_id uuid NOT NULL,
  name text NOT NULL,
  -- What the time was reckoned from: when it changes, so does the time.
  cron text NOT NULL,
  zone text NOT NULL,
  next_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, name)
);
SELECT app.isolate('platform.schedules');
REVOKE INSERT, UPDATE, DELETE ON platform.schedules FROM tekup_app;
SELECT app.open_to_reviewed('platform.schedules', 'SELECT, INSERT, UPDATE, DELETE');
CREATE INDEX schedules_due ON platform.schedules (tenant_id, next_at);

-- Schedules that are due, or have not been reckoned for a company: it is new, or the schedule or its time zone is.
CREATE FUNCTION platform.schedules_to_reckon(known jsonb, most integer)
  RETURNS TABLE (tenant_id uuid, name text, cron text, zone text, due_at timestamptz, at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT t.tenant_id, k.name, k.cron, z.zone,
    CASE WHEN s.cron = k.cron AND s.zone = z.zone AND s.next_at <= now() THEN s.next_at END, now()
  FROM jsonb_to_recordset(known) AS k(name text, plugin text, cron text, zone text)
    CROSS JOIN platform.tenants t
    CROSS JOIN LATERAL (SELECT coalesce(k.zone, t.settings ->> 'timeZone', 'Europe/Copenhagen') AS zone) z
    LEFT JOIN platform.schedules s ON s.tenant_id = t.tenant_id AND s.name = k.name
  WHERE (s.name IS NULL OR s.cron <> k.cron OR s.zone <> z.zone OR s.next_at <= now())
    AND NOT EXISTS (SELECT FROM platform.domains_off o WHERE o.tenant_id = t.tenant_id AND o.domain = k.plugin)
  ORDER BY s.next_at NULLS LAST LIMIT most
$$;
SELECT app.reviewed('platform.schedules_to_reckon(jsonb, integer)');

-- Notes the next times, and asks for what is due: once for each time, whoever comes first.
CREATE FUNCTION platform.keep_schedules(reckoned jsonb) RETURNS integer
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH r AS (
    SELECT * FROM jsonb_to_recordset(reckoned) AS r(tenant_id uuid, name text, cron text, zone text, due_at timestamptz,
      next_at timestamptz, input jsonb, priority smallint)),
  asked AS (
    INSERT INTO platform.jobs (tenant_id, id, cause, name, input, request_id, priority)
    SELECT r.tenant_id, platform.keyed_id(r.name, r.due_at::text), 'schedule', r.name, r.input, 'schedule-' || r.name, r.priority
    FROM r WHERE r.due_at IS NOT NULL ON CONFLICT DO NOTHING RETURNING 1),
  kept AS (
    INSERT INTO platform.schedules (tenant_id, name, cron, zone, next_at)
    SELECT r.tenant_id, r.name, r.cron, r.zone, r.next_at FROM r
    ON CONFLICT (tenant_id, name) DO UPDATE SET cron = excluded.cron, zone = excluded.zone, next_at = excluded.next_at)
  SELECT count(*)::integer FROM asked
$$;
SELECT app.reviewed('platform.keep_schedules(jsonb)');

-- What is over and long past: done after a month, failed after three; events once nobody who failed needs them.
CREATE FUNCTION platform.forget_old_work(most integer) RETURNS integer
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH old AS (
    SELECT j.tenant_id, j.id FROM platform.jobs j
    WHERE j.ended_at < now() - CASE WHEN j.status = 'failed' THEN interval '90 days' ELSE interval '30 days' END LIMIT most),
  gone AS (DELETE FROM platform.jobs j USING old WHERE j.tenant_id = old.tenant_id AND j.id = old.id RETURNING 1),
  told AS (
    SELECT o.tenant_id, o.id FROM platform.outbox o WHERE o.relayed_at < now() - interval '91 days' LIMIT most),
  forgotten AS (DELETE FROM platform.outbox o USING told WHERE o.tenant_id = told.tenant_id AND o.id = told.id RETURNING 1)
  SELECT ((SELECT count(*) FROM gone) + (SELECT count(*) FROM forgotten))::integer
$$;
SELECT app.reviewed('platform.forget_old_work(integer)');
