-- Attempts side by side carry the moments at which their processes took them up, and are counted in whatever order they come:
-- one that may go on holds up nobody, and one that was right lets everybody go on. Before, whoever was counted second with an
-- earlier moment was told to wait a second.

CREATE OR REPLACE FUNCTION platform.admit_attempt(
  attempt text, free integer, longest integer, leak interval, at timestamptz) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  known platform.sign_in_attempts;
  now_at double precision;
BEGIN
  INSERT INTO platform.sign_in_attempts VALUES (attempt, 0, at, '-infinity') ON CONFLICT DO NOTHING;
  SELECT * INTO known FROM platform.sign_in_attempts a WHERE a.key = attempt FOR UPDATE;
  IF known.blocked_until > at THEN
    RETURN ceil(extract(epoch FROM known.blocked_until - at));
  END IF;
  now_at := greatest(0, known.level - greatest(0, extract(epoch FROM at - known.counted_at)) / extract(epoch FROM leak)) + 1;
  UPDATE platform.sign_in_attempts a SET level = now_at, counted_at = greatest(at, known.counted_at),
    blocked_until = CASE WHEN round(now_at) < free THEN '-infinity'
      ELSE at + make_interval(secs => least(longest, 2 ^ least(30, round(now_at) - free))) END
  WHERE a.key = attempt;
  DELETE FROM platform.sign_in_attempts a WHERE a.key IN (
    SELECT o.key FROM platform.sign_in_attempts o WHERE o.counted_at < at - interval '1 day' LIMIT 10 FOR UPDATE SKIP LOCKED);
  RETURN 0;
END $$;

CREATE OR REPLACE FUNCTION platform.give_back_attempt(attempt text, at timestamptz) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE platform.sign_in_attempts SET level = greatest(0, level - 1), blocked_until = '-infinity' WHERE key = attempt
$$;
