-- What is done together is ended together, and a parcel is as large as there is work.

-- The ends of pieces, in the transaction of their effects: whoever comes second, or too late, has no effect. (Processes of
-- the version before end them one by one, by `end_job`.)
CREATE FUNCTION platform.end_pieces(ends jsonb) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_hashjoin = off
  SET enable_mergejoin = off AS $$
DECLARE
  here integer;
BEGIN
  UPDATE platform.jobs j SET
    status = CASE WHEN e.next IS NULL THEN 'done' WHEN j.cancelling THEN 'cancelled' ELSE 'waiting' END,
    ended_at = CASE WHEN e.next IS NULL OR j.cancelling THEN clock_timestamp() END,
    piece = CASE WHEN e.next IS NULL THEN j.piece ELSE j.piece + 1 END,
    attempts = CASE WHEN e.next IS NULL THEN j.attempts ELSE 0 END,
    input = coalesce(e.next, j.input), run_at = now(), batch = NULL,
    progress_done = coalesce(e.progress_done, j.progress_done), progress_total = coalesce(e.progress_total, j.progress_total),
    code = CASE WHEN e.next IS NOT NULL AND j.cancelling THEN j.code END,
    reason = CASE WHEN e.next IS NOT NULL AND j.cancelling THEN j.reason END, version = j.version + 1, updated_at = now()
  FROM jsonb_to_recordset(ends)
    AS e(id uuid, attempts integer, piece integer, next jsonb, progress_done bigint, progress_total bigint)
  WHERE j.tenant_id = (SELECT app.tenant()) AND j.id = e.id AND j.status = 'running' AND j.attempts = e.attempts
    AND j.piece = e.piece;
  GET DIAGNOSTICS here = ROW_COUNT;
  IF here < jsonb_array_length(ends) THEN
    RAISE EXCEPTION '% of % pieces have ended elsewhere', jsonb_array_length(ends) - here, jsonb_array_length(ends)
      USING ERRCODE = 'TU001';
  END IF;
END $$;

-- Hands jobs to the queue, in parcels of one company each. A company has so many at a time and no more, and within it each
-- name its own bound; names take turns. A parcel holds `size` jobs at least, and more where there is so much to be done that
-- its company's share is still spread: an eighth of all that is with the workers then, and a company's window at most.
CREATE OR REPLACE FUNCTION platform.hand_out_jobs(rules jsonb, most integer, size integer)
  RETURNS TABLE (batch uuid, tenant_id uuid, priority smallint, ids uuid[])
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  SET enable_seqscan = off SET enable_bitmapscan = off AS $$
#variable_conflict use_column
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('tekup hand out', 0));
  FOR batch, tenant_id, priority, ids IN
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
    SELECT p.*, row_number() OVER (PARTITION BY p.tenant_id, p.priority ORDER BY p.place) - 1 AS nth_of_company
    FROM placed p
    WHERE p.place <= most - coalesce((SELECT sum(a.running) FROM busy a WHERE a.tenant_id = p.tenant_id), 0)),
  fitting AS MATERIALIZED (
    SELECT greatest(size, least(most, ((SELECT count(*) FROM chosen) + coalesce((SELECT sum(a.running) FROM busy a), 0)) / 8))::integer
      AS jobs),
  parcel AS MATERIALIZED (
    SELECT c.tenant_id, c.priority, c.nth_of_company / f.jobs AS part, gen_random_uuid() AS batch,
      array_agg(c.id ORDER BY c.place) AS ids
    FROM chosen c CROSS JOIN fitting f GROUP BY 1, 2, 3),
  paced AS (
    INSERT INTO platform.job_pace AS p (tenant_id, name, minute, begun)
    SELECT c.tenant_id, c.name, date_trunc('minute', now()), count(*) FROM chosen c JOIN rule r ON r.name = c.name
    WHERE r.per_minute IS NOT NULL GROUP BY 1, 2
    ON CONFLICT (tenant_id, name) DO UPDATE SET minute = excluded.minute,
      begun = excluded.begun + CASE WHEN p.minute = excluded.minute THEN p.begun ELSE 0 END)
  SELECT p.batch, p.tenant_id, p.priority, p.ids FROM parcel p
  LOOP
    -- One by one: in the statement above the planner would rather read the whole table, with all that has ended.
    UPDATE platform.jobs j SET status = 'running', batch = hand_out_jobs.batch, attempts = j.attempts + 1,
      started_at = clock_timestamp(), version = j.version + 1, updated_at = now()
    WHERE j.tenant_id = hand_out_jobs.tenant_id AND j.id = ANY (ids);
    RETURN NEXT;
  END LOOP;
END $$;
