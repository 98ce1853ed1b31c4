-- Work that is done later: what follows on an event, what somebody asked for, what runs by the clock. `platform.jobs` is the
-- truth of it; the queue beside it holds ids only, and may be lost without losing work.

-- The order in which things happened is the order in which they were stored, whatever the clocks of processes say. What
-- happened before there was a relay is nobody's work.
ALTER TABLE platform.outbox
  ADD COLUMN position bigint GENERATED ALWAYS AS IDENTITY,
  ADD COLUMN relayed_at timestamptz DEFAULT now();
ALTER TABLE platform.outbox ALTER COLUMN relayed_at DROP DEFAULT;
CREATE INDEX outbox_unrelayed ON platform.outbox (tenant_id, position) WHERE relayed_at IS NULL;
CREATE INDEX outbox_relayed ON platform.outbox (tenant_id, relayed_at) WHERE relayed_at IS NOT NULL;
REVOKE UPDATE, DELETE ON platform.outbox FROM tekup_app;
SELECT app.open_to_reviewed('platform.outbox', 'SELECT, UPDATE, DELETE');

CREATE TABLE platform.jobs (
  tenant_id uuid NOT NULL,
  -- Made of its name and key where it has one, so that the same is never asked for twice.
  id uuid NOT NULL,
  position bigint GENERATED ALWAYS AS IDENTITY,
  cause text NOT NULL CHECK (cause IN ('event', 'request', 'schedule', 'rule')),
  -- The name of the job, or of the subscription.
  name text NOT NULL,
  -- What it is called with; of an event, the payload in the outbox.
  input jsonb,
  event_id uuid,
  -- Those of one name and subject run one after the other.
  subject text,
  -- Whose right it has; nobody's is that of its plugin.
  person_id uuid,
  -- The rule of an automation that a person approved.
  rule_id uuid,
  request_id text NOT NULL,
  priority smallint NOT NULL DEFAULT 1 CHECK (priority BETWEEN 0 AND 2),
  -- `held` waits for an earlier one of its subject; `running` has been handed to the workers.
  status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('held', 'waiting', 'running', 'done', 'failed', 'cancelled')),
  run_at timestamptz NOT NULL DEFAULT now(),
  -- Which piece it is at, and how often that was begun.
  piece integer NOT NULL DEFAULT 0,
  attempts integer NOT NULL DEFAULT 0,
  -- The parcel in which the queue has it.
  batch uuid,
  started_at timestamptz,
  ended_at timestamptz,
  progress_done bigint,
  progress_total bigint,
  cancelling boolean NOT NULL DEFAULT false,
  -- Why it did not work the last time, or ended: a code, and its sentence in both languages.
  code text,
  reason jsonb,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  CHECK ((status IN ('done', 'failed', 'cancelled')) = (ended_at IS NOT NULL))
);
SELECT app.isolate('platform.jobs');
REVOKE DELETE ON platform.jobs FROM tekup_app;
SELECT app.open_to_reviewed('platform.jobs', 'SELECT, INSERT, UPDATE, DELETE');
CREATE INDEX jobs_waiting ON platform.jobs (tenant_id, name, priority, run_at, position) WHERE status = 'waiting';
CREATE INDEX jobs_running ON platform.jobs (tenant_id, name, started_at) WHERE status = 'running';
CREATE INDEX jobs_in_order ON platform.jobs (tenant_id, name, subject, position)
  WHERE subject IS NOT NULL AND status IN ('held', 'waiting', 'running');
CREATE INDEX jobs_by_time ON platform.jobs (tenant_id, created_at DESC, id DESC);
CREATE INDEX jobs_ended ON platform.jobs (tenant_id, ended_at) WHERE ended_at IS NOT NULL;

-- Pieces that a company has begun of a job within a minute, where the job has such a bound.
CREATE TABLE platform.job_pace (
  tenant_id uuid NOT NULL,
  name text NOT NULL,
  minute timestamptz NOT NULL,
  begun integer NOT NULL,
  PRIMARY KEY (tenant_id, name)
);
SELECT app.isolate('platform.job_pace');
REVOKE INSERT, UPDATE, DELETE ON platform.job_pace FROM tekup_app;
SELECT app.open_to_reviewed('platform.job_pace', 'SELECT, INSERT, UPDATE');

-- The id of what is asked for under a key (RFC 9562, version 8: of our own making).
CREATE FUNCTION platform.keyed_id(name text, key text) RETURNS uuid
  LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  RETURN overlay(overlay(left(encode(sha256(convert_to(name || ' ' || key, 'UTF8')), 'hex'), 32)
    placing '8' from 13 for 1) placing '8' from 17 for 1)::uuid;

-- Adds what a tenant's own transaction asks for. One of a subject waits for those before it.
CREATE FUNCTION platform.add_jobs(asked jsonb, person uuid, rule uuid, request text) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(l.key) FROM (
    SELECT DISTINCT hashtextextended(concat_ws(' ', app.tenant(), a.name, a.subject), 0) AS key
    FROM jsonb_to_recordset(asked) AS a(name text, subject text) WHERE a.subject IS NOT NULL ORDER BY 1) l;
  PERFORM FROM jsonb_to_recordset(asked) AS a(name text, subject text)
    JOIN platform.jobs j ON j.tenant_id = (SELECT app.tenant()) AND j.name = a.name AND j.subject = a.subject
      AND j.status IN ('waiting', 'running')
    WHERE a.subject IS NOT NULL ORDER BY j.id FOR SHARE OF j;
  INSERT INTO platform.jobs (tenant_id, id, cause, name, input, subject, person_id, rule_id, request_id, priority, run_at, status)
  SELECT (SELECT app.tenant()), a.id, CASE WHEN rule IS NULL THEN coalesce(a.cause, 'request') ELSE 'rule' END, a.name, a.input,
    a.subject, person, rule, request, a.priority, coalesce(a.run_at, now()),
    CASE WHEN a.subject IS NOT NULL AND (a.nth > 1 OR EXISTS (
      SELECT FROM platform.jobs j WHERE j.tenant_id = (SELECT app.tenant()) AND j.name = a.name AND j.subject = a.subject
        AND j.status IN ('held', 'waiting', 'running'))) THEN 'held' ELSE 'waiting' END
  FROM (
    SELECT r.*, row_number() OVER (PARTITION BY r.name, r.subject ORDER BY r.place) AS nth
    FROM ROWS FROM (jsonb_to_recordset(asked)
      AS (id uuid, cause text, name text, input jsonb, subject text, priority smallint, run_at timestamptz))
      WITH ORDINALITY AS r(id, cause, name, input, subject, priority, run_at, place)) a
  ORDER BY a.place
  ON CONFLICT DO NOTHING;
END $$;

-- When one has ended, however it did, the next of its subject may begin. Whoever adds one locks those that have not ended.
CREATE FUNCTION platform.let_next_begin() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE platform.jobs j SET status = 'waiting', version = j.version + 1, updated_at = now()
  WHERE j.tenant_id = NEW.tenant_id AND j.id = (
      SELECT n.id FROM platform.jobs n
      WHERE n.tenant_id = NEW.tenant_id AND n.name = NEW.name AND n.subject = NEW.subject AND n.status = 'held'
      ORDER BY n.position LIMIT 1)
    AND NOT EXISTS (
      SELECT FROM platform.jobs o
      WHERE o.tenant_id = NEW.tenant_id AND o.name = NEW.name AND o.subject = NEW.subject AND o.status IN ('waiting', 'running'));
  RETURN NULL;
END $$;
CREATE TRIGGER let_next_begin AFTER UPDATE OF status ON platform.jobs FOR EACH ROW
  WHEN (NEW.subject IS NOT NULL AND NEW.ended_at IS NOT NULL AND OLD.ended_at IS NULL)
  EXECUTE FUNCTION platform.let_next_begin();

-- The end of a piece, in the transaction of its effect: whoever comes second, or too late, has no effect.
CREATE FUNCTION platform.end_job(job uuid, try integer, at_piece integer, following jsonb, so_far bigint, of_all bigint) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE platform.jobs j SET
    status = CASE WHEN following IS NULL THEN 'done' WHEN j.cancelling THEN 'cancelled' ELSE 'waiting' END,
    ended_at = CASE WHEN following IS NULL OR j.cancelling THEN clock_timestamp() END,
    piece = CASE WHEN following IS NULL THEN j.piece ELSE j.piece + 1 END,
    attempts = CASE WHEN following IS NULL THEN j.attempts ELSE 0 END,
    input = coalesce(following, j.input), run_at = now(), batch = NULL,
    progress_done = coalesce(so_far, j.progress_done), progress_total = coalesce(of_all, j.progress_total),
    code = NULL, reason = NULL, version = j.version + 1, updated_at = now()
  WHERE j.tenant_id = (SELECT app.tenant()) AND j.id = job AND j.status = 'running' AND j.attempts = try AND j.piece = at_piece;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'piece % of job % has ended elsewhere', at_piece, job USING ERRCODE = 'TU001';
  END IF;
END $$;

-- A piece that did not work: again after a while (full jitter), or for good.
CREATE FUNCTION platform.fail_job(job uuid, try integer, at_piece integer, verdict text, most integer, first_wait numeric,
  why text, saying jsonb) RETURNS text
  LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  UPDATE platform.jobs j SET
    status = s.status, ended_at = CASE WHEN s.status <> 'waiting' THEN clock_timestamp() END,
    attempts = CASE WHEN verdict = 'later' THEN greatest(j.attempts - 1, 0) ELSE j.attempts END,
    run_at = now() + random() * least(900, first_wait * 4 ^ greatest(j.attempts - 1, 0)) * interval '1 second',
    batch = NULL, code = why, reason = saying, version = j.version + 1, updated_at = now()
  FROM (SELECT f.id, CASE WHEN f.cancelling THEN 'cancelled' WHEN verdict = 'later' OR verdict = 'again' AND f.attempts < most
      THEN 'waiting' ELSE 'failed' END AS status
    FROM platform.jobs f
    WHERE f.tenant_id = (SELECT app.tenant()) AND f.id = job AND f.status = 'running' AND f.attempts = try AND f.piece = at_piece
    FOR UPDATE) s
  WHERE j.tenant_id = (SELECT app.tenant()) AND j.id = s.id
  RETURNING j.status
$$;

-- Moves events on: for each follower that the company has switched on, a job. One relay at a time, so that those of a
-- subject stand in their order; each company gets its turn, so that one's flood stands in nobody's way.
CREATE FUNCTION platform.relay_events(known jsonb, followers jsonb, saying jsonb, most integer)
  RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
  events platform.outbox[];
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('tekup relay', 0));
  WITH RECURSIVE company AS (
    (SELECT o.tenant_id FROM platform.outbox o WHERE o.relayed_at IS NULL ORDER BY o.tenant_id LIMIT 1)
    UNION ALL
    SELECT n.tenant_id FROM company c CROSS JOIN LATERAL (
      SELECT o.tenant_id FROM platform.outbox o WHERE o.relayed_at IS NULL AND o.tenant_id > c.tenant_id
      ORDER BY o.tenant_id LIMIT 1) n)
  SELECT array_agg(e.event ORDER BY (e.event).position) INTO events
  FROM company c CROSS JOIN LATERAL (
    SELECT o AS event FROM platform.outbox o WHERE o.tenant_id = c.tenant_id AND o.relayed_at IS NULL
    ORDER BY o.position LIMIT most) e;
  IF events IS NULL THEN RETURN 0; END IF;

  -- None of these ends before this is committed: so it is known which of the new ones have to wait.
  PERFORM FROM unnest(events) e
    JOIN jsonb_to_recordset(followers) AS f(name text, type text, version integer) ON f.type = e.type AND f.version = e.version
    JOIN platform.jobs j ON j.tenant_id = e.tenant_id AND j.name = f.name AND j.subject = e.subject AND j.status IN ('waiting', 'running')
    WHERE e.subject IS NOT NULL ORDER BY j.tenant_id, j.id FOR SHARE OF j;

  INSERT INTO platform.jobs (tenant_id, id, cause, name, event_id, subject, request_id, status)
  SELECT d.tenant_id, platform.keyed_id(d.name, d.id::text), 'event', d.name, d.id, d.subject, d.request_id,
    CASE WHEN d.subject IS NOT NULL AND (d.nth > 1 OR EXISTS (
      SELECT FROM platform.jobs j WHERE j.tenant_id = d.tenant_id AND j.name = d.name AND j.subject = d.subject
        AND j.status IN ('held', 'waiting', 'running'))) THEN 'held' ELSE 'waiting' END
  FROM (
    SELECT e.tenant_id, e.id, e.subject, e.request_id, e.position, f.name,
      row_number() OVER (PARTITION BY e.tenant_id, f.name, e.subject ORDER BY e.position) AS nth
    FROM unnest(events) e
      JOIN jsonb_to_recordset(followers) AS f(name text, plugin text, type text, version integer)
        ON f.type = e.type AND f.version = e.version
    WHERE NOT EXISTS (SELECT FROM platform.domains_off o WHERE o.tenant_id = e.tenant_id AND o.domain = f.plugin)) d
  ORDER BY d.position
  ON CONFLICT DO NOTHING;

  -- What nobody here can read is put aside with its reason, and holds up nothing.
  INSERT INTO platform.jobs (tenant_id, id, cause, name, event_id, request_id, status, ended_at, code, reason)
  SELECT e.tenant_id, platform.keyed_id('unknown', e.id::text), 'event', e.type, e.id, e.request_id, 'failed', now(), 'event_unknown',
    saying
  FROM unnest(events) e
  WHERE NOT EXISTS (SELECT FROM jsonb_to_recordset(known) AS k(type text, version integer)
    WHERE k.type = e.type AND k.version = e.version)
  ON CONFLICT DO NOTHING;

  UPDATE platform.outbox o SET relayed_at = now() FROM unnest(events) e WHERE o.tenant_id = e.tenant_id AND o.id = e.id;
  RETURN cardinality(events);
END $$;
SELECT app.reviewed('platform.relay_events(jsonb, jsonb, jsonb, integer)');

-- Hands jobs to the queue, in parcels of one company each. A company has so many at a time and no more, and within it each
-- name its own bound; names take turns.
CREATE FUNCTION platform.hand_out_jobs(rules jsonb, most integer, size integer)
  RETURNS TABLE (batch uuid, tenant_id uuid, priority smallint, ids uuid[])
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  SET enable_seqscan = off SET enable_bitmapscan = off AS $$
#variable_conflict use_column
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('tekup hand out', 0));
  RETURN QUERY
  WITH RECURSIVE lane AS (
    (SELECT j.tenant_id, j.name, j.priority FROM platform.jobs j WHERE j.status = 'waiting'
      ORDER BY j.tenant_id, j.name, j.priority LIMIT 1)
    UNION ALL
    SELECT n.tenant_id, n.name, n.priority FROM lane l CROSS JOIN LATERAL (
      SELECT j.tenant_id, j.name, j.priority FROM platform.jobs j
      WHERE j.status = 'waiting' AND (j.tenant_id, j.name, j.priority) > (l.tenant_id, l.name, l.priority)
      ORDER BY j.tenant_id, j.name, j.priority LIMIT 1) n),
  rule AS (SELECT r.* FROM jsonb_to_recordset(rules) AS r(name text, plugin text, concurrency integer, per_minute integer)),
  busy AS MATERIALIZED (
    SELECT j.tenant_id, j.name, count(*) AS running FROM platform.jobs j WHERE j.status = 'running' GROUP BY 1, 2),
  room AS MATERIALIZED (
    SELECT l.tenant_id, l.name, l.priority, least(
        r.concurrency - coalesce(b.running, 0),
        r.per_minute - coalesce(p.begun, 0),
        most - coalesce((SELECT sum(a.running)::bigint FROM busy a WHERE a.tenant_id = l.tenant_id), 0)) AS places
    FROM lane l JOIN rule r ON r.name = l.name
      LEFT JOIN busy b ON b.tenant_id = l.tenant_id AND b.name = l.name
      LEFT JOIN platform.job_pace p ON p.tenant_id = l.tenant_id AND p.name = l.name AND p.minute = date_trunc('minute', now())
    -- What is switched off waits until it is switched on again.
    WHERE NOT EXISTS (SELECT FROM platform.domains_off o WHERE o.tenant_id = l.tenant_id AND o.domain = r.plugin)),
  found AS MATERIALIZED (
    SELECT r.tenant_id, r.name, r.priority, r.places, c.id, c.run_at, c.position
    FROM room r CROSS JOIN LATERAL (
      SELECT j.id, j.run_at, j.position FROM platform.jobs j
      WHERE j.tenant_id = r.tenant_id AND j.name = r.name AND j.priority = r.priority AND j.status = 'waiting' AND j.run_at <= now()
      ORDER BY j.run_at, j.position LIMIT greatest(r.places, 0) FOR UPDATE SKIP LOCKED) c),
  ranked AS (
    SELECT f.*, row_number() OVER (PARTITION BY f.tenant_id, f.name ORDER BY f.priority, f.run_at, f.position) AS nth FROM found f),
  placed AS (
    SELECT k.*, row_number() OVER (PARTITION BY k.tenant_id ORDER BY k.priority, k.nth, k.run_at, k.position) AS place
    FROM ranked k WHERE k.nth <= k.places),
  chosen AS MATERIALIZED (
    SELECT p.*, (row_number() OVER (PARTITION BY p.tenant_id, p.priority ORDER BY p.place) - 1) / size AS part
    FROM placed p
    WHERE p.place <= most - coalesce((SELECT sum(a.running) FROM busy a WHERE a.tenant_id = p.tenant_id), 0)),
  parcel AS MATERIALIZED (
    SELECT c.tenant_id, c.priority, c.part, gen_random_uuid() AS batch, array_agg(c.id ORDER BY c.place) AS ids
    FROM chosen c GROUP BY 1, 2, 3),
  handed AS (
    UPDATE platform.jobs j SET status = 'running', batch = p.batch, attempts = j.attempts + 1, started_at = clock_timestamp(),
      version = j.version + 1, updated_at = now()
    FROM chosen c JOIN parcel p ON p.tenant_id = c.tenant_id AND p.priority = c.priority AND p.part = c.part
    WHERE j.tenant_id = c.tenant_id AND j.id = c.id RETURNING 1),
  paced AS (
    INSERT INTO platform.job_pace AS p (tenant_id, name, minute, begun)
    SELECT c.tenant_id, c.name, date_trunc('minute', now()), count(*) FROM chosen c JOIN rule r ON r.name = c.name
    WHERE r.per_minute IS NOT NULL GROUP BY 1, 2
    ON CONFLICT (tenant_id, name) DO UPDATE SET minute = excluded.minute,
      begun = excluded.begun + CASE WHEN p.minute = excluded.minute THEN p.begun ELSE 0 END)
  SELECT p.batch, p.tenant_id, p.priority, p.ids FROM parcel p;
END $$;
SELECT app.reviewed('platform.hand_out_jobs(jsonb, integer, integer)');

-- Parcels that were handed out so long ago that the queue is asked whether it still has them.
CREATE FUNCTION platform.old_batches(seconds numeric, most integer) RETURNS TABLE (batch uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT DISTINCT j.batch FROM platform.jobs j
  WHERE j.status = 'running' AND j.started_at < now() - seconds * interval '1 second' LIMIT most
$$;
SELECT app.reviewed('platform.old_batches(numeric, integer)');

-- Takes back what the queue does not have: not tried, so not counted; or begun by a process that is gone.
CREATE FUNCTION platform.take_back_jobs(batches uuid[], begun boolean, rules jsonb, saying jsonb) RETURNS integer
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH taken AS (
    UPDATE platform.jobs j SET status = s.status, batch = NULL, version = j.version + 1, updated_at = now(),
      attempts = CASE WHEN begun THEN j.attempts ELSE greatest(j.attempts - 1, 0) END,
      run_at = now() + random() * interval '1 second',
      ended_at = CASE WHEN s.status <> 'waiting' THEN clock_timestamp() END,
      code = CASE WHEN s.status = 'failed' THEN 'job_abandoned' ELSE j.code END,
      reason = CASE WHEN s.status = 'failed' THEN saying ELSE j.reason END
    FROM (SELECT f.tenant_id, f.id, CASE WHEN f.cancelling THEN 'cancelled'
        WHEN begun AND f.attempts >= coalesce(r.attempts, 5) THEN 'failed' ELSE 'waiting' END AS status
      FROM platform.jobs f LEFT JOIN jsonb_to_recordset(rules) AS r(name text, attempts integer) ON r.name = f.name
      WHERE f.status = 'running' AND f.batch = ANY (batches) FOR UPDATE OF f) s
    WHERE j.tenant_id = s.tenant_id AND j.id = s.id RETURNING 1)
  SELECT count(*)::integer FROM taken
$$;
SELECT app.reviewed('platform.take_back_jobs(uuid[], boolean, jsonb, jsonb)');

-- Should one be held though nothing is before it (it never should), it is let go; one that no version here knows is put aside.
CREATE FUNCTION platform.mend_jobs(names text[], saying jsonb) RETURNS integer
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH freed AS (
    UPDATE platform.jobs j SET status = 'waiting', updated_at = now() WHERE j.status = 'held' AND NOT EXISTS (
      SELECT FROM platform.jobs e WHERE e.tenant_id = j.tenant_id AND e.name = j.name AND e.subject = j.subject
        AND e.status IN ('held', 'waiting', 'running') AND e.position < j.position) RETURNING 1),
  unknown AS (
    UPDATE platform.jobs j SET status = 'failed', ended_at = now(), code = 'job_unknown', reason = saying, updated_at = now()
    WHERE j.status = 'waiting' AND j.run_at < now() - interval '1 hour' AND j.name <> ALL (names) RETURNING 1)
  SELECT ((SELECT count(*) FROM freed) + (SELECT count(*) FROM unknown))::integer
$$;
SELECT app.reviewed('platform.mend_jobs(text[], jsonb)');

-- How much stands where, for whoever watches over the installation; no company is named.
CREATE FUNCTION platform.work_figures() RETURNS TABLE (status text, jobs bigint, oldest_seconds double precision)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT j.status, count(*), coalesce(extract(epoch FROM now() - min(CASE j.status WHEN 'running' THEN j.started_at
    ELSE j.run_at END))::double precision, 0)
  FROM platform.jobs j WHERE j.status IN ('held', 'waiting', 'running') GROUP BY 1
  UNION ALL
  SELECT 'unrelayed', count(*), coalesce(extract(epoch FROM now() - min(o.at))::double precision, 0)
  FROM platform.outbox o WHERE o.relayed_at IS NULL
$$;
SELECT app.reviewed('platform.work_figures()');
