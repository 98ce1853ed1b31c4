-- A call of a model is found by its time: one index for its row instead of two. And a purse is held back and settled with fewer
-- statements; what is held back and counted is as before.

ALTER TABLE platform.usage DROP CONSTRAINT usage_pkey, ADD PRIMARY KEY (tenant_id, at, id);
DROP INDEX platform.usage_by_time;

-- The call as a row: whose it is, when it is, and what it costs at most, with the company's time zone.
DROP FUNCTION platform.planned_call(jsonb, text);
CREATE FUNCTION platform.planned_call(call jsonb, OUT u platform.usage, OUT zone text)
  LANGUAGE plpgsql STABLE AS $$
DECLARE
  rates jsonb := call->'rates';
  price jsonb := call->'price';
  own jsonb;
BEGIN
  u := jsonb_populate_record(NULL::platform.usage, call);
  SELECT coalesce(t.settings->>'timeZone', 'Europe/Copenhagen'),
    CASE WHEN rates ? (t.settings->>'currency') THEN t.settings->>'currency' ELSE 'DKK' END
  INTO zone, u.currency
  FROM (SELECT app.required_tenant() AS id) company LEFT JOIN platform.tenants t ON t.tenant_id = company.id;
  u.tenant_id := app.tenant();
  u.day := (u.at AT TIME ZONE zone)::date;
  u.lease_until := now() + make_interval(secs => (call->>'lease_seconds')::integer);
  IF u.priced <> 'free' THEN
    SELECT to_jsonb(p) INTO own FROM platform.model_prices p WHERE p.tenant_id = u.tenant_id AND p.model = u.model
      AND p.valid_from <= u.day ORDER BY p.valid_from DESC LIMIT 1;
    IF FOUND THEN
      u.priced := 'own';
      price := own;
    END IF;
  END IF;
  u.price_input := platform.exchange((price->>'input')::bigint, price->>'currency', u.currency, rates);
  u.price_cached := platform.exchange((price->>'cached')::bigint, price->>'currency', u.currency, rates);
  u.price_output := platform.exchange((price->>'output')::bigint, price->>'currency', u.currency, rates);
  u.cached_tokens := coalesce(u.cached_tokens, 0);
  u.reasoning_tokens := coalesce(u.reasoning_tokens, 0);
  u.milliseconds := coalesce(u.milliseconds, 0);
  u.measured := coalesce(u.measured, 'estimated');
  u.cost := platform.cost_of_call(u);
END $$;

CREATE OR REPLACE FUNCTION platform.record_free_usage(call jsonb) RETURNS void
  LANGUAGE plpgsql AS $$
DECLARE u platform.usage := (platform.planned_call(call)).u;
BEGIN
  u.status := 'settled';
  INSERT INTO platform.usage SELECT u.*;
END $$;

-- What open calls hold back of a budget in its period.
DROP FUNCTION platform.held_of(platform.charged_budget, text, jsonb);
CREATE FUNCTION platform.held_of(b platform.charged_budget, zone text, rates jsonb) RETURNS TABLE (cost bigint, tokens bigint)
  LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(platform.exchange(u.cost, u.currency, b.currency, rates)), 0)::bigint,
    coalesce(sum(u.input_tokens + u.output_tokens), 0)::bigint
  FROM platform.usage u
  WHERE u.tenant_id = (SELECT app.tenant()) AND u.status = 'reserved' AND platform.usage_subject(u, b.covers) = b.subject
    AND platform.period_start(b.period, u.at, zone) = b.period_start
$$;

-- A row of usage is made ready to be held back, and held back where every budget that it counts against has room for it. A
-- refusal names the budget without room; otherwise `room` is { cost, tokens } that nobody has to hear of yet, or nulls. What is
-- used and held of all its budgets is looked up at once.
CREATE OR REPLACE FUNCTION platform.hold_usage(call jsonb, OUT u platform.usage, OUT refusal jsonb, OUT room jsonb)
  LANGUAGE plpgsql AS $$
DECLARE
  rates jsonb := call->'rates';
  planned record;
  zone text;
  used record;
  b platform.charged_budget;
  c platform.usage_counters;
  wanted bigint;
  quiet_cost bigint;
  quiet_tokens bigint;
BEGIN
  PERFORM platform.release_abandoned(rates);
  planned := platform.planned_call(call);
  u := planned.u;
  zone := planned.zone;
  u.status := 'reserved';
  FOR used IN
    SELECT budget, counter, held.cost, held.tokens
    FROM platform.budgets_of(u, zone) budget
      LEFT JOIN platform.usage_counters counter ON counter.tenant_id = u.tenant_id AND counter.budget_id = budget.budget_id
        AND counter.subject = budget.subject AND counter.period_start = budget.period_start
      CROSS JOIN LATERAL platform.held_of(budget, zone, rates) held
    ORDER BY budget.budget_id
  LOOP
    b := used.budget;
    c := used.counter;
    IF c.tenant_id IS NULL THEN c := platform.counter_of(b, zone, rates); END IF;
    wanted := platform.exchange(u.cost, u.currency, b.currency, rates);
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
  room := jsonb_build_object('zone', zone, 'cost', quiet_cost, 'tokens', quiet_tokens);
END $$;

-- As before, and answers where the purse is found, and the time zone that it was held back in.
CREATE OR REPLACE FUNCTION platform.reserve_purse(planned jsonb) RETURNS jsonb
  LANGUAGE plpgsql AS $$
DECLARE
  held record := platform.hold_usage(planned);
  u platform.usage := held.u;
BEGIN
  IF held.refusal IS NOT NULL THEN RETURN NULL; END IF;
  RETURN jsonb_build_object('id', u.id, 'at', u.at, 'zone', held.room->'zone', 'currency', u.currency, 'cost', u.cost,
    'tokens', u.input_tokens + u.output_tokens,
    'price', jsonb_build_object('input', u.price_input, 'cached', u.price_cached, 'output', u.price_output),
    'warnCost', held.room->'cost', 'warnTokens', held.room->'tokens');
END $$;

CREATE OR REPLACE FUNCTION platform.release_abandoned(rates jsonb) RETURNS integer
  LANGUAGE plpgsql AS $$
DECLARE u platform.usage; released integer := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('usage ' || app.required_tenant(), 0));
  FOR u IN SELECT * FROM platform.usage
    WHERE tenant_id = app.tenant() AND status = 'reserved' AND lease_until < now() ORDER BY lease_until LOOP
    PERFORM platform.charge(u, u.cost, u.input_tokens + u.output_tokens, platform.tenant_zone(), rates);
    UPDATE platform.usage SET status = 'abandoned' WHERE tenant_id = u.tenant_id AND at = u.at AND id = u.id;
    released := released + 1;
  END LOOP;
  RETURN released;
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
  WHERE tenant_id = app.tenant() AND at = (used->>'at')::timestamptz AND id = (used->>'id')::uuid AND status <> 'settled';
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
  WHERE tenant_id = u.tenant_id AND at = u.at AND id = u.id;
  RETURN jsonb_build_object('cost', u.cost, 'currency', u.currency, 'priced', u.priced,
    'warnings', CASE WHEN is_near AND (used->>'heard')::boolean THEN platform.due_warnings(u, zone) ELSE '[]' END);
END $$;

-- As before; the first call takes the purse's own row, and its time with it. Counters move before the rows do: one that is new
-- would count them twice.
CREATE OR REPLACE FUNCTION platform.settle_purse(settled jsonb) RETURNS jsonb
  LANGUAGE plpgsql AS $$
DECLARE
  zone text := settled->>'zone';
  purse platform.usage;
  u platform.usage;
  call jsonb;
  calls platform.usage[] := '{}';
  costs jsonb := '[]';
  more_cost bigint := 0;
  more_tokens bigint := 0;
  is_near boolean;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('usage ' || app.required_tenant(), 0));
  SELECT * INTO purse FROM platform.usage
  WHERE tenant_id = app.tenant() AND at = (settled->>'at')::timestamptz AND id = (settled->>'id')::uuid;
  IF NOT FOUND OR purse.status = 'settled' THEN RETURN NULL; END IF;
  IF purse.status = 'abandoned' THEN
    more_cost := -purse.cost;
    more_tokens := -(purse.input_tokens + purse.output_tokens);
  END IF;
  FOR call IN SELECT * FROM jsonb_array_elements(settled->'calls') LOOP
    u := platform.purse_call(purse, call, zone);
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

CREATE OR REPLACE FUNCTION platform.replace_purse(purse platform.usage, calls platform.usage[]) RETURNS void
  LANGUAGE plpgsql AS $$
DECLARE u platform.usage := calls[1];
BEGIN
  IF cardinality(calls) = 0 THEN
    DELETE FROM platform.usage WHERE tenant_id = purse.tenant_id AND at = purse.at AND id = purse.id;
    RETURN;
  END IF;
  UPDATE platform.usage t SET status = u.status, input_tokens = u.input_tokens, cached_tokens = u.cached_tokens,
    output_tokens = u.output_tokens, reasoning_tokens = u.reasoning_tokens, milliseconds = u.milliseconds, cost = u.cost,
    measured = u.measured
  WHERE t.tenant_id = purse.tenant_id AND t.at = purse.at AND t.id = purse.id;
  IF cardinality(calls) > 1 THEN
    INSERT INTO platform.usage SELECT more.* FROM unnest(calls[2:]) more;
  END IF;
END $$;

-- As before, each call found by its time.
CREATE OR REPLACE FUNCTION platform.roll_up_usage(before date, most integer) RETURNS integer
  LANGUAGE plpgsql AS $$
DECLARE gone_count integer;
BEGIN
  PERFORM platform.lock_usage();
  WITH old AS (
    SELECT at, id FROM platform.usage
    WHERE tenant_id = app.required_tenant() AND at < before AND day < before AND status <> 'reserved' ORDER BY at LIMIT most),
  gone AS (
    DELETE FROM platform.usage u USING old WHERE u.tenant_id = app.required_tenant() AND u.at = old.at AND u.id = old.id
    RETURNING u.*),
  kept AS (
    INSERT INTO platform.usage_days AS d
    SELECT tenant_id, day, person_id, agent_id, purpose, model, currency, priced, measured, count(*), sum(input_tokens),
      sum(cached_tokens), sum(output_tokens), sum(reasoning_tokens), sum(milliseconds), sum(cost)
    FROM gone GROUP BY tenant_id, day, person_id, agent_id, purpose, model, currency, priced, measured
    ON CONFLICT (tenant_id, day, person_id, agent_id, purpose, model, currency, priced, measured) DO UPDATE SET
      calls = d.calls + excluded.calls, input_tokens = d.input_tokens + excluded.input_tokens,
      cached_tokens = d.cached_tokens + excluded.cached_tokens, output_tokens = d.output_tokens + excluded.output_tokens,
      reasoning_tokens = d.reasoning_tokens + excluded.reasoning_tokens,
      milliseconds = d.milliseconds + excluded.milliseconds, cost = d.cost + excluded.cost)
  SELECT count(*) INTO gone_count FROM gone;
  RETURN gone_count;
END $$;
