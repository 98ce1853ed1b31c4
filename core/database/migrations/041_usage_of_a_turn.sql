-- What the calls of one turn used stands in one row, and in a second where some were counted and others estimated: a row for each call
-- told people nothing more, and was a third of what a turn writes about its usage.

-- Formerly 23b8630aae437fd3bfa1db2657739a4af1a23fd1d1d257d711c8a1235cfaa809
-- which added the column with its default at once. Since November 2026 (15.20) PostgreSQL does not, where a function takes the table's rows.
ALTER TABLE platform.usage ADD COLUMN calls integer;
ALTER TABLE platform.usage NO FORCE ROW LEVEL SECURITY;
UPDATE platform.usage SET calls = 1;
ALTER TABLE platform.usage FORCE ROW LEVEL SECURITY;
ALTER TABLE platform.usage ALTER COLUMN calls SET DEFAULT 1, ALTER COLUMN calls SET NOT NULL;

-- As before; it is one call.
CREATE OR REPLACE FUNCTION platform.planned_call(call jsonb, OUT u platform.usage, OUT zone text)
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
  u.calls := 1;
  u.measured := coalesce(u.measured, 'estimated');
  u.cost := platform.cost_of_call(u);
END $$;

-- The rows of a purse with one more call in them: in the row of those that were counted as it was.
CREATE FUNCTION platform.added_call(rows platform.usage[], u platform.usage) RETURNS platform.usage[]
  LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  FOR place IN 1 .. cardinality(rows) LOOP
    IF rows[place].measured = u.measured THEN
      u.id := rows[place].id;
      u.at := rows[place].at;
      u.calls := u.calls + rows[place].calls;
      u.input_tokens := u.input_tokens + rows[place].input_tokens;
      u.cached_tokens := u.cached_tokens + rows[place].cached_tokens;
      u.output_tokens := u.output_tokens + rows[place].output_tokens;
      u.reasoning_tokens := u.reasoning_tokens + rows[place].reasoning_tokens;
      u.milliseconds := u.milliseconds + rows[place].milliseconds;
      u.cost := u.cost + rows[place].cost;
      rows[place] := u;
      RETURN rows;
    END IF;
  END LOOP;
  RETURN rows || u;
END $$;

-- As before, with the calls in as few rows as can be; `costs` are still those of each call.
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
    calls := platform.added_call(calls, u);
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
    measured = u.measured, calls = u.calls
  WHERE t.tenant_id = purse.tenant_id AND t.at = purse.at AND t.id = purse.id;
  IF cardinality(calls) > 1 THEN
    INSERT INTO platform.usage SELECT more.* FROM unnest(calls[2:]) more;
  END IF;
END $$;

-- As before, with as many calls as a row holds.
CREATE OR REPLACE FUNCTION platform.usage_between(first_day date, last_day date) RETURNS SETOF platform.usage_days
  LANGUAGE sql STABLE AS $$
  SELECT u.tenant_id, u.day, u.person_id, u.agent_id, u.purpose, u.model, u.currency, u.priced, u.measured, u.calls::bigint,
    u.input_tokens, u.cached_tokens, u.output_tokens, u.reasoning_tokens, u.milliseconds, u.cost
  FROM platform.usage u
  WHERE u.tenant_id = app.required_tenant() AND u.status <> 'reserved' AND u.day BETWEEN first_day AND last_day
    AND u.at >= first_day - interval '1 day' AND u.at < last_day + interval '2 days'
  UNION ALL
  SELECT d.* FROM platform.usage_days d WHERE d.tenant_id = app.required_tenant() AND d.day BETWEEN first_day AND last_day
$$;

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
    SELECT tenant_id, day, person_id, agent_id, purpose, model, currency, priced, measured, sum(calls), sum(input_tokens),
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
