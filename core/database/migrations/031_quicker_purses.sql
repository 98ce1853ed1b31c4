-- The purse of a turn is held back and settled with fewer looks at its tables, each by an index that does not grow with what
-- was used before. What is held back and counted is as before.

-- Reservations whose lease ran out, found by that lease alone.
CREATE OR REPLACE FUNCTION platform.release_abandoned(rates jsonb) RETURNS integer
  LANGUAGE plpgsql AS $$
DECLARE u platform.usage; released integer := 0;
BEGIN
  PERFORM platform.lock_usage();
  FOR u IN SELECT * FROM platform.usage
    WHERE tenant_id = app.tenant() AND status = 'reserved' AND lease_until < now() ORDER BY lease_until LOOP
    PERFORM platform.charge(u, u.cost, u.input_tokens + u.output_tokens, platform.tenant_zone(), rates);
    UPDATE platform.usage SET status = 'abandoned' WHERE tenant_id = u.tenant_id AND id = u.id;
    released := released + 1;
  END LOOP;
  RETURN released;
END $$;

-- A row of usage is made ready to be held back, and held back where every budget that it counts against has room for it. A
-- refusal names the budget without room; otherwise `room` is { cost, tokens } that nobody has to hear of yet, or nulls.
CREATE FUNCTION platform.hold_usage(call jsonb, OUT u platform.usage, OUT refusal jsonb, OUT room jsonb)
  LANGUAGE plpgsql AS $$
DECLARE
  zone text := platform.tenant_zone();
  rates jsonb := call->'rates';
  b platform.charged_budget;
  c platform.usage_counters;
  used record;
  wanted bigint;
  quiet_cost bigint;
  quiet_tokens bigint;
BEGIN
  PERFORM platform.release_abandoned(rates);
  u := platform.planned_call(call, zone);
  u.status := 'reserved';
  FOR b IN SELECT * FROM platform.budgets_of(u, zone) LOOP
    c := platform.counter_of(b, zone, rates);
    wanted := platform.exchange(u.cost, u.currency, b.currency, rates);
    used := platform.held_of(b, zone, rates);
    IF wanted > 0 AND c.spent_cost + used.cost + wanted > b.most_cost
      OR c.spent_tokens + used.tokens + u.input_tokens + u.output_tokens > b.most_tokens THEN
      refusal := jsonb_build_object('budget', b.budget_id, 'covers', b.covers, 'period', b.period, 'zone', zone,
        'renewsAt', platform.period_begins(b.period, b.period_start, zone, 1));
      RETURN;
    END IF;
    IF c.warned_at IS NULL THEN
      quiet_cost := least(quiet_cost,
        platform.exchange(b.most_cost * b.warn_percent / 100 - c.spent_cost, b.currency, u.currency, rates) - 1);
      quiet_tokens := least(quiet_tokens, b.most_tokens * b.warn_percent / 100 - c.spent_tokens);
    END IF;
  END LOOP;
  INSERT INTO platform.usage SELECT u.*;
  room := jsonb_build_object('cost', quiet_cost, 'tokens', quiet_tokens);
END $$;

-- The counter of a budget as it stands; one that is new begins with what was used in its period before it was made.
CREATE FUNCTION platform.counter_of(b platform.charged_budget, zone text, rates jsonb) RETURNS platform.usage_counters
  LANGUAGE plpgsql AS $$
DECLARE c platform.usage_counters;
BEGIN
  FOR attempt IN 1..2 LOOP
    SELECT * INTO c FROM platform.usage_counters t WHERE t.tenant_id = app.tenant() AND t.budget_id = b.budget_id
      AND t.subject = b.subject AND t.period_start = b.period_start;
    EXIT WHEN FOUND;
    PERFORM platform.ensure_counter(b, zone, rates);
  END LOOP;
  RETURN c;
END $$;

-- What open calls hold back of a budget in its period.
CREATE FUNCTION platform.held_of(b platform.charged_budget, zone text, rates jsonb, OUT cost bigint, OUT tokens bigint)
  LANGUAGE plpgsql STABLE AS $$
BEGIN
  SELECT coalesce(sum(platform.exchange(u.cost, u.currency, b.currency, rates)), 0),
    coalesce(sum(u.input_tokens + u.output_tokens), 0) INTO cost, tokens
  FROM platform.usage u
  WHERE u.tenant_id = app.tenant() AND u.status = 'reserved' AND platform.usage_subject(u, b.covers) = b.subject
    AND platform.period_start(b.period, u.at, zone) = b.period_start;
END $$;

CREATE OR REPLACE FUNCTION platform.reserve_usage(call jsonb) RETURNS jsonb
  LANGUAGE plpgsql AS $$
BEGIN
  RETURN (platform.hold_usage(call)).refusal;
END $$;

CREATE OR REPLACE FUNCTION platform.reserve_purse(planned jsonb) RETURNS jsonb
  LANGUAGE plpgsql AS $$
DECLARE
  held record := platform.hold_usage(planned);
  u platform.usage := held.u;
BEGIN
  IF held.refusal IS NOT NULL THEN RETURN NULL; END IF;
  RETURN jsonb_build_object('id', u.id, 'currency', u.currency, 'cost', u.cost, 'tokens', u.input_tokens + u.output_tokens,
    'price', jsonb_build_object('input', u.price_input, 'cached', u.price_cached, 'output', u.price_output),
    'warnCost', held.room->'cost', 'warnTokens', held.room->'tokens');
END $$;
DROP FUNCTION platform.room_before_warning(platform.usage, text, jsonb);
DROP FUNCTION platform.used_of(platform.charged_budget, text, jsonb);

-- As before, with one look at each counter.
CREATE OR REPLACE FUNCTION platform.charge(u platform.usage, more_cost bigint, more_tokens bigint, zone text, rates jsonb) RETURNS boolean
  LANGUAGE plpgsql AS $$
DECLARE
  b platform.charged_budget;
  c platform.usage_counters;
  is_near boolean := false;
BEGIN
  FOR b IN SELECT * FROM platform.budgets_of(u, zone) LOOP
    FOR attempt IN 1..2 LOOP
      UPDATE platform.usage_counters t
      SET spent_cost = spent_cost + platform.exchange(more_cost, u.currency, b.currency, rates), spent_tokens = spent_tokens + more_tokens
      WHERE t.tenant_id = u.tenant_id AND t.budget_id = b.budget_id AND t.subject = b.subject AND t.period_start = b.period_start
      RETURNING t.* INTO c;
      EXIT WHEN FOUND;
      PERFORM platform.ensure_counter(b, zone, rates);
    END LOOP;
    is_near := is_near OR c.warned_at IS NULL AND coalesce(c.spent_cost * 100 >= b.most_cost * b.warn_percent, false)
      OR c.warned_at IS NULL AND coalesce(c.spent_tokens * 100 >= b.most_tokens * b.warn_percent, false);
  END LOOP;
  RETURN is_near;
END $$;

-- As before; the first call takes the purse's own row. Counters move before the rows do: one that is new would count them twice.
CREATE OR REPLACE FUNCTION platform.settle_purse(settled jsonb) RETURNS jsonb
  LANGUAGE plpgsql AS $$
DECLARE
  zone text := platform.tenant_zone();
  purse platform.usage;
  u platform.usage;
  call jsonb;
  calls platform.usage[] := '{}';
  costs jsonb := '[]';
  more_cost bigint := 0;
  more_tokens bigint := 0;
  is_near boolean;
BEGIN
  PERFORM platform.lock_usage();
  SELECT * INTO purse FROM platform.usage WHERE tenant_id = app.tenant() AND id = (settled->>'id')::uuid;
  IF NOT FOUND OR purse.status = 'settled' THEN RETURN NULL; END IF;
  IF purse.status = 'abandoned' THEN
    more_cost := -purse.cost;
    more_tokens := -(purse.input_tokens + purse.output_tokens);
  END IF;
  FOR call IN SELECT * FROM jsonb_array_elements(settled->'calls') LOOP
    u := platform.purse_call(purse, call, zone);
    IF cardinality(calls) = 0 THEN u.id := purse.id; END IF;
    calls := calls || u;
    costs := costs || to_jsonb(u.cost);
    more_cost := more_cost + u.cost;
    more_tokens := more_tokens + u.input_tokens + u.output_tokens;
  END LOOP;
  is_near := platform.charge(purse, more_cost, more_tokens, zone, settled->'rates');
  PERFORM platform.replace_purse(purse, calls);
  RETURN jsonb_build_object('currency', purse.currency, 'costs', costs,
    'warnings', CASE WHEN is_near AND (settled->>'heard')::boolean THEN platform.due_warnings(purse, zone) ELSE '[]' END);
END $$;

CREATE FUNCTION platform.replace_purse(purse platform.usage, calls platform.usage[]) RETURNS void
  LANGUAGE plpgsql AS $$
DECLARE u platform.usage := calls[1];
BEGIN
  IF cardinality(calls) = 0 THEN
    DELETE FROM platform.usage WHERE tenant_id = purse.tenant_id AND id = purse.id;
    RETURN;
  END IF;
  UPDATE platform.usage t SET at = u.at, status = u.status, input_tokens = u.input_tokens, cached_tokens = u.cached_tokens,
    output_tokens = u.output_tokens, reasoning_tokens = u.reasoning_tokens, milliseconds = u.milliseconds, cost = u.cost,
    measured = u.measured
  WHERE t.tenant_id = purse.tenant_id AND t.id = purse.id;
  FOREACH u IN ARRAY calls[2:] LOOP
    INSERT INTO platform.usage SELECT u.*;
  END LOOP;
END $$;
DROP FUNCTION platform.purse_calls(platform.usage, jsonb);

-- A call that a purse was for, as a row of its own. One after midnight is of the day in which it was held back, as its budgets are.
CREATE FUNCTION platform.purse_call(purse platform.usage, call jsonb, zone text) RETURNS platform.usage
  LANGUAGE plpgsql STABLE AS $$
DECLARE u platform.usage := jsonb_populate_record(purse, call);
BEGIN
  IF (u.at AT TIME ZONE zone)::date <> purse.day THEN u.at := purse.at; END IF;
  u.status := 'settled';
  u.cost := platform.cost_of_call(u);
  RETURN u;
END $$;

CREATE OR REPLACE FUNCTION platform.settle_tab(tab jsonb) RETURNS jsonb
  LANGUAGE plpgsql AS $$
BEGIN
  IF tab->'free' <> '[]' THEN
    PERFORM platform.record_free_usage(call) FROM jsonb_array_elements(tab->'free') call;
  END IF;
  RETURN CASE WHEN tab ? 'purse' THEN platform.settle_purse(tab->'purse') END;
END $$;
