-- A job that is cancelled between two pieces says so, like one that is cut off within a piece.

CREATE OR REPLACE FUNCTION platform.end_job(job uuid, try integer, at_piece integer, following jsonb, so_far bigint, of_all bigint) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE platform.jobs j SET
    status = CASE WHEN following IS NULL THEN 'done' WHEN j.cancelling THEN 'cancelled' ELSE 'waiting' END,
    ended_at = CASE WHEN following IS NULL OR j.cancelling THEN clock_timestamp() END,
    piece = CASE WHEN following IS NULL THEN j.piece ELSE j.piece + 1 END,
    attempts = CASE WHEN following IS NULL THEN j.attempts ELSE 0 END,
    input = coalesce(following, j.input), run_at = now(), batch = NULL,
    progress_done = coalesce(so_far, j.progress_done), progress_total = coalesce(of_all, j.progress_total),
    code = CASE WHEN following IS NOT NULL AND j.cancelling THEN j.code END,
    reason = CASE WHEN following IS NOT NULL AND j.cancelling THEN j.reason END, version = j.version + 1, updated_at = now()
  WHERE j.tenant_id = (SELECT app.tenant()) AND j.id = job AND j.status = 'running' AND j.attempts = try AND j.piece = at_piece;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'piece % of job % has ended elsewhere', at_piece, job USING ERRCODE = 'TU001';
  END IF;
END $$;
