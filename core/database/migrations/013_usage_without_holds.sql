-- What open calls hold back follows from their own rows: no other row is written for it and removed again. Otherwise as in
-- 007: everything that reads or moves a counter holds the tenant's usage lock.

-- The budgets that a call counts against, each with the period that the call falls in.
CREATE OR REPLACE FUNCTION platform.budgets_of(u platform.usage, zone text) RETURNS SETOF platform.charged_budget
  LANGUAGE sql STABLE AS $$
  SELECT b.id, b.covers, s.subject, b.period, platform.period_start(b.period, u.at, zone), b.most_cost * 10000, b.currency,
    b.most_tokens, b.warn_percent
  FROM platform.budgets b CROSS JOIN LATERAL (SELECT platform.usage_subject(u, b.covers)) s(subject)
  WHERE b.tenant_id = (SELECT app.tenant()) AND s.subject IS NOT NULL AND coalesce(b.subject_id, s.subject) = s.subject
  ORDER BY b.id
$$;

-- What is used of a budget in a period, with what open calls hold back of it.
DROP FUNCTION platform.used_of(platform.charged_budget);
CREATE FUNCTION platform.used_of(b platform.charged_budget, zone text, rates jsonb, OUT cost bigint, OUT tokens bigint)
  LANGUAGE sql STABLE AS $$
  SELECT c.spent_cost + h.cost, c.spent_tokens + h.tokens
  FROM platform.usage_counters c, LATERAL (
    SELECT coalesce(sum(platform.exchange(u.cost, u.currency, b.currency, rates)), 0) AS cost,
      coalesce(sum(u.input_tokens + u.output_tokens), 0) AS tokens
    FROM platform.usage u
    WHERE u.tenant_id = (SELECT app.tenant()) AND u.status = 'reserved' AND platform.usage_subject(u, b.covers) = b.subject
      AND platform.period_start(b.period, u.at, zone) = b.period_start) h
  WHERE c.tenant_id = (SELECT app.tenant()) AND c.budget_id = b.budget_id AND c.subject = b.subject
    AND c.period_start = b.period_start
$$;

-- Moves a call's cost and tokens, or a correction of them, into the counters. Answers whether one of them has come near its
-- end and nobody was told.
DROP FUNCTION platform.charge(platform.usage, bigint, bigint, text, jsonb);
CREATE FUNCTION platform.charge(u platform.usage, more_cost bigint, more_tokens bigint, zone text, rates jsonb) RETURNS boolean
  LANGUAGE plpgsql AS $$
DECLARE
  b platform.charged_budget;
  c platform.usage_counters;
  is_near boolean := false;
BEGIN
  FOR b IN SELECT * FROM platform.budgets_of(u, zone) LOOP
    PERFORM platform.ensure_counter(b, zone, rates);
    UPDATE platform.usage_counters t
    SET spent_cost = spent_cost + platform.exchange(more_cost, u.currency, b.currency, rates), spent_tokens = spent_tokens + more_tokens
    WHERE t.tenant_id = u.tenant_id AND t.budget_id = b.budget_id AND t.subject = b.subject AND t.period_start = b.period_start
    RETURNING t.* INTO c;
    is_near := is_near OR c.warned_at IS NULL AND coalesce(c.spent_cost * 100 >= b.most_cost * b.warn_percent, false)
      OR c.warned_at IS NULL AND coalesce(c.spent_tokens * 100 >= b.most_tokens * b.warn_percent, false);
  END LOOP;
  RETURN is_near;
END $$;

CREATE OR REPLACE FUNCTION platform.release_abandoned(rates jsonb) RETURNS integer
  LANGUAGE plpgsql AS $$
DECLARE u platform.usage; released integer := 0;
BEGIN
  PERFORM platform.lock_usage();
  FOR u IN SELECT * FROM platform.usage
    WHERE tenant_id = app.tenant() AND status = 'reserved' AND lease_until < now() ORDER BY id LOOP
    PERFORM platform.charge(u, u.cost, u.input_tokens + u.output_tokens, platform.tenant_zone(), rates);
    UPDATE platform.usage SET status = 'abandoned' WHERE tenant_id = u.tenant_id AND id = u.id;
    released := released + 1;
  END LOOP;
  RETURN released;
END $$;

CREATE OR REPLACE FUNCTION platform.reserve_usage(call jsonb) RETURNS jsonb
  LANGUAGE plpgsql AS $$
DECLARE
  zone text := platform.tenant_zone();
  rates jsonb := call->'rates';
  u platform.usage;
  b platform.charged_budget;
  used record;
  wanted bigint;
BEGIN
  PERFORM platform.release_abandoned(rates);
  u := platform.planned_call(call, zone);
  u.status := 'reserved';
  FOR b IN SELECT * FROM platform.budgets_of(u, zone) LOOP
    PERFORM platform.ensure_counter(b, zone, rates);
    wanted := platform.exchange(u.cost, u.currency, b.currency, rates);
    used := platform.used_of(b, zone, rates);
    IF wanted > 0 AND used.cost + wanted > b.most_cost OR used.tokens + u.input_tokens + u.output_tokens > b.most_tokens THEN
      RETURN jsonb_build_object('budget', b.budget_id, 'covers', b.covers, 'period', b.period, 'zone', zone,
        'renewsAt', platform.period_begins(b.period, b.period_start, zone, 1));
    END IF;
  END LOOP;
  INSERT INTO platform.usage SELECT u.*;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION platform.settle_usage(used jsonb) RETURNS jsonb
  LANGUAGE plpgsql AS $$
DECLARE
  zone text := platform.tenant_zone();
  rates jsonb := used->'rates';
  before platform.usage;
  u platform.usage;
  is_counted boolean;
  is_near boolean;
BEGIN
  PERFORM platform.lock_usage();
  SELECT * INTO before FROM platform.usage
  WHERE tenant_id = app.tenant() AND id = (used->>'id')::uuid AND status <> 'settled';
  IF NOT FOUND THEN RETURN NULL; END IF;
  u := jsonb_populate_record(before, used);
  u.cost := platform.cost_of_call(u);
  is_counted := before.status = 'abandoned';
  is_near := platform.charge(u,
    u.cost - CASE WHEN is_counted THEN before.cost ELSE 0 END,
    u.input_tokens + u.output_tokens - CASE WHEN is_counted THEN before.input_tokens + before.output_tokens ELSE 0 END,
    zone, rates);
  UPDATE platform.usage SET status = 'settled', input_tokens = u.input_tokens, cached_tokens = u.cached_tokens,
    output_tokens = u.output_tokens, reasoning_tokens = u.reasoning_tokens, milliseconds = u.milliseconds, cost = u.cost,
    measured = u.measured
  WHERE tenant_id = u.tenant_id AND id = u.id;
  RETURN jsonb_build_object('cost', u.cost, 'currency', u.currency, 'priced', u.priced,
    'warnings', CASE WHEN is_near AND (used->>'heard')::boolean THEN platform.due_warnings(u, zone) ELSE '[]' END);
END $$;

DROP TABLE platform.usage_holds;
