-- A turn's calls are settled by their sums, which the process reckons, and in fewer bytes of log; what is counted is as before.

-- What settling changes stands at the end of its row: PostgreSQL writes down what differs, from the first to the last column of it.
DROP INDEX platform.usage_open;
DROP FUNCTION platform.cost_of_call(platform.usage);
ALTER TABLE platform.usage
  ADD COLUMN state text, ADD COLUMN read bigint, ADD COLUMN cached bigint, ADD COLUMN written bigint,
  ADD COLUMN reasoned bigint, ADD COLUMN took bigint, ADD COLUMN price bigint;
-- Formerly ca0b1fac485de882a80abce56f2eb91087e5b816d3416150e1a10679b1a5a314
-- which filled the columns by a change of their types, with the same restriction as in 041.
ALTER TABLE platform.usage NO FORCE ROW LEVEL SECURITY;
UPDATE platform.usage SET state = status, read = input_tokens, cached = cached_tokens, written = output_tokens,
  reasoned = reasoning_tokens, took = milliseconds, price = cost;
ALTER TABLE platform.usage FORCE ROW LEVEL SECURITY;
ALTER TABLE platform.usage
  DROP COLUMN status, DROP COLUMN input_tokens, DROP COLUMN cached_tokens, DROP COLUMN output_tokens,
  DROP COLUMN reasoning_tokens, DROP COLUMN milliseconds, DROP COLUMN cost;
ALTER TABLE platform.usage RENAME COLUMN state TO status;
ALTER TABLE platform.usage RENAME COLUMN read TO input_tokens;
ALTER TABLE platform.usage RENAME COLUMN cached TO cached_tokens;
ALTER TABLE platform.usage RENAME COLUMN written TO output_tokens;
ALTER TABLE platform.usage RENAME COLUMN reasoned TO reasoning_tokens;
ALTER TABLE platform.usage RENAME COLUMN took TO milliseconds;
ALTER TABLE platform.usage RENAME COLUMN price TO cost;
ALTER TABLE platform.usage
  ALTER COLUMN status SET NOT NULL, ALTER COLUMN input_tokens SET NOT NULL, ALTER COLUMN cached_tokens SET NOT NULL,
  ALTER COLUMN output_tokens SET NOT NULL, ALTER COLUMN reasoning_tokens SET NOT NULL, ALTER COLUMN milliseconds SET NOT NULL,
  ALTER COLUMN cost SET NOT NULL, ADD CHECK (status IN ('reserved', 'settled', 'abandoned'));
CREATE INDEX usage_open ON platform.usage (tenant_id, lease_until) WHERE status = 'reserved';

CREATE FUNCTION platform.cost_of_call(u platform.usage) RETURNS bigint
  LANGUAGE sql IMMUTABLE
  RETURN ceil(((greatest(u.input_tokens - u.cached_tokens, 0))::numeric * u.price_input
    + u.cached_tokens::numeric * u.price_cached + u.output_tokens::numeric * u.price_output) / 1000000)::bigint;

-- Moves a call's cost and tokens, or a correction of them, into the counters. Answers whether one of them has come near its end and
-- nobody was told.
CREATE OR REPLACE FUNCTION platform.charge(u platform.usage, more_cost bigint, more_tokens bigint, zone text, rates jsonb)
  RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE is_near boolean;
BEGIN
  PERFORM platform.ensure_counter(b, zone, rates) FROM platform.budgets_of(u, zone) b
  WHERE NOT EXISTS (SELECT FROM platform.usage_counters c WHERE c.tenant_id = u.tenant_id AND c.budget_id = b.budget_id
    AND c.subject = b.subject AND c.period_start = b.period_start);
  WITH moved AS (
    UPDATE platform.usage_counters t
    SET spent_cost = spent_cost + platform.exchange(more_cost, u.currency, b.currency, rates), spent_tokens = spent_tokens + more_tokens
    FROM platform.budgets_of(u, zone) b
    WHERE t.tenant_id = u.tenant_id AND t.budget_id = b.budget_id AND t.subject = b.subject AND t.period_start = b.period_start
    RETURNING t.warned_at IS NULL AND (t.spent_cost * 100 >= b.most_cost * b.warn_percent) IS TRUE
      OR t.warned_at IS NULL AND (t.spent_tokens * 100 >= b.most_tokens * b.warn_percent) IS TRUE AS near)
  SELECT bool_or(near) IS TRUE INTO is_near FROM moved;
  RETURN is_near;
END $$;

-- Replaces what was held back by what the calls used: `used` are their sums, one for those that the vendor counted and one for those
-- that were estimated, `cost` and `tokens` those of all. What nobody called for is given back; a purse that was abandoned meanwhile
-- is corrected. Answers { warnings } as in settle_usage, or NULL where there is nothing to settle. Counters move before the rows do:
-- one that is new would count them twice.
CREATE OR REPLACE FUNCTION platform.settle_purse(settled jsonb) RETURNS jsonb
  LANGUAGE plpgsql AS $$
DECLARE
  zone text := settled->>'zone';
  purse platform.usage;
  more_cost bigint := (settled->>'cost')::bigint;
  more_tokens bigint := (settled->>'tokens')::bigint;
  is_near boolean;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('usage ' || app.required_tenant(), 0));
  SELECT * INTO purse FROM platform.usage
  WHERE tenant_id = app.tenant() AND at = (settled->>'at')::timestamptz AND id = (settled->>'id')::uuid;
  IF NOT FOUND OR purse.status = 'settled' THEN RETURN NULL; END IF;
  IF purse.status = 'abandoned' THEN
    more_cost := more_cost - purse.cost;
    more_tokens := more_tokens - purse.input_tokens - purse.output_tokens;
  END IF;
  is_near := platform.charge(purse, more_cost, more_tokens, zone, settled->'rates');
  PERFORM platform.replace_purse(purse, settled->'used');
  RETURN jsonb_build_object(
    'warnings', CASE WHEN is_near AND (settled->>'heard')::boolean THEN platform.due_warnings(purse, zone) ELSE '[]' END);
END $$;
DROP FUNCTION platform.added_call(platform.usage[], platform.usage);
DROP FUNCTION platform.purse_call(platform.usage, jsonb, text);

DROP FUNCTION platform.replace_purse(platform.usage, platform.usage[]);
CREATE FUNCTION platform.replace_purse(purse platform.usage, used jsonb) RETURNS void
  LANGUAGE plpgsql AS $$
BEGIN
  IF used = '[]' THEN
    DELETE FROM platform.usage WHERE tenant_id = purse.tenant_id AND at = purse.at AND id = purse.id;
    RETURN;
  END IF;
  UPDATE platform.usage t SET status = 'settled', input_tokens = first.input_tokens, cached_tokens = first.cached_tokens,
    output_tokens = first.output_tokens, reasoning_tokens = first.reasoning_tokens, milliseconds = first.milliseconds,
    cost = first.cost, measured = first.measured, calls = first.calls
  FROM jsonb_to_record(used->0) AS first (calls integer, input_tokens bigint, cached_tokens bigint, output_tokens bigint,
    reasoning_tokens bigint, milliseconds bigint, cost bigint, measured text)
  WHERE t.tenant_id = purse.tenant_id AND t.at = purse.at AND t.id = purse.id;
  IF jsonb_array_length(used) > 1 THEN
    purse.status := 'settled';
    INSERT INTO platform.usage SELECT (jsonb_populate_record(purse, more)).* FROM jsonb_array_elements(used - 0) more;
  END IF;
END $$;
