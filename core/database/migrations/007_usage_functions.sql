-- Reserving before a call of a model and settling after it, each in one exchange. These run as the tenant, under
-- row-level security. Everything that reads or moves a counter holds the tenant's usage lock until it is committed, and
-- each statement of these functions sees what was committed before it began: so two processes never count side by side.

CREATE FUNCTION platform.lock_usage() RETURNS void
  LANGUAGE sql AS $$
  SELECT pg_advisory_xact_lock(hashtextextended('usage ' || app.required_tenant(), 0))
$$;

CREATE FUNCTION platform.tenant_zone() RETURNS text
  LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT settings->>'timeZone' FROM platform.tenants WHERE tenant_id = app.required_tenant()), 'Europe/Copenhagen')
$$;

CREATE FUNCTION platform.period_start(period text, at timestamptz, zone text) RETURNS date
  LANGUAGE sql IMMUTABLE
  RETURN date_trunc(period, at AT TIME ZONE zone)::date;

-- When a period begins; one later, when it renews.
CREATE FUNCTION platform.period_begins(period text, first_day date, zone text, later integer DEFAULT 0) RETURNS timestamptz
  LANGUAGE sql IMMUTABLE
  RETURN (first_day + later * ('1 ' || period)::interval) AT TIME ZONE zone;

-- What the company counts in: the currency it chose, where there is a rate for it.
CREATE FUNCTION platform.usage_currency(rates jsonb) RETURNS text
  LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT settings->>'currency' FROM platform.tenants
    WHERE tenant_id = app.required_tenant() AND rates ? (settings->>'currency')), 'DKK')
$$;

-- An amount in another currency, rounded up; rates are units of each currency for one of a common one.
CREATE FUNCTION platform.exchange(amount numeric, source text, target text, rates jsonb) RETURNS bigint
  LANGUAGE sql IMMUTABLE
  RETURN CASE WHEN source = target OR amount = 0 THEN ceil(amount)
    ELSE ceil(amount * (rates->>target)::numeric / (rates->>source)::numeric) END::bigint;

-- Cached tokens are part of the input, reasoning tokens part of the output.
CREATE FUNCTION platform.cost_of_call(u platform.usage) RETURNS bigint
  LANGUAGE sql IMMUTABLE
  RETURN ceil(((greatest(u.input_tokens - u.cached_tokens, 0))::numeric * u.price_input
    + u.cached_tokens::numeric * u.price_cached + u.output_tokens::numeric * u.price_output) / 1000000)::bigint;

CREATE TYPE platform.charged_budget AS (
  budget_id uuid, covers text, subject text, period text, period_start date, most_cost bigint, currency text,
  most_tokens bigint, warn_percent integer);

-- Whom a call counts for in a budget: the company (''), its person (NULL when it has none) or its agent.
CREATE FUNCTION platform.usage_subject(u platform.usage, covers text) RETURNS text
  LANGUAGE sql IMMUTABLE
  RETURN CASE covers WHEN 'company' THEN '' WHEN 'person' THEN u.person_id::text ELSE u.agent_id END;

-- A budget as it stands for one subject in the period that a moment falls in.
CREATE FUNCTION platform.charged(b platform.budgets, subject text, at timestamptz, zone text) RETURNS platform.charged_budget
  LANGUAGE sql IMMUTABLE
  RETURN ROW(b.id, b.covers, subject, b.period, platform.period_start(b.period, at, zone), b.most_cost * 10000, b.currency,
    b.most_tokens, b.warn_percent)::platform.charged_budget;

-- The budgets that a call counts against, each with the period that the call falls in.
CREATE FUNCTION platform.budgets_of(u platform.usage, zone text) RETURNS SETOF platform.charged_budget
  LANGUAGE sql STABLE AS $$
  SELECT (platform.charged(b, platform.usage_subject(u, b.covers), u.at, zone)).*
  FROM platform.budgets b
  WHERE b.tenant_id = app.required_tenant() AND platform.usage_subject(u, b.covers) IS NOT NULL
    AND coalesce(b.subject_id, platform.usage_subject(u, b.covers)) = platform.usage_subject(u, b.covers)
  ORDER BY b.id
$$;

-- Makes sure that a counter is there: one that is new begins with what was used in its period before it was made.
CREATE FUNCTION platform.ensure_counter(b platform.charged_budget, zone text, rates jsonb) RETURNS void
  LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM platform.usage_counters c WHERE c.tenant_id = app.required_tenant() AND c.budget_id = b.budget_id
    AND c.subject = b.subject AND c.period_start = b.period_start;
  IF FOUND THEN RETURN; END IF;
  INSERT INTO platform.usage_counters (tenant_id, budget_id, subject, period_start, spent_cost, spent_tokens)
  SELECT app.required_tenant(), b.budget_id, b.subject, b.period_start,
    coalesce(sum(platform.exchange(u.cost, u.currency, b.currency, rates)), 0), coalesce(sum(u.input_tokens + u.output_tokens), 0)
  FROM platform.usage u
  WHERE u.tenant_id = app.required_tenant() AND u.status <> 'reserved' AND u.priced <> 'free'
    AND u.at >= platform.period_begins(b.period, b.period_start, zone)
    AND u.at < platform.period_begins(b.period, b.period_start, zone, 1)
    AND platform.usage_subject(u, b.covers) = b.subject;
END $$;

-- Opens the counters of a budget that was just made, for everybody who used models in its period before it was.
CREATE FUNCTION platform.open_counters(budget uuid, moment timestamptz, rates jsonb) RETURNS void
  LANGUAGE plpgsql AS $$
DECLARE b platform.budgets; zone text := platform.tenant_zone(); charged platform.charged_budget;
BEGIN
  PERFORM platform.lock_usage();
  SELECT * INTO STRICT b FROM platform.budgets WHERE tenant_id = app.required_tenant() AND id = budget;
  FOR charged IN
    SELECT DISTINCT (platform.charged(b, platform.usage_subject(u, b.covers), moment, zone)).*
    FROM platform.usage u
    WHERE u.tenant_id = app.required_tenant() AND u.status <> 'reserved'
      AND u.at >= platform.period_begins(b.period, platform.period_start(b.period, moment, zone), zone)
      AND platform.usage_subject(u, b.covers) IS NOT NULL
      AND coalesce(b.subject_id, platform.usage_subject(u, b.covers)) = platform.usage_subject(u, b.covers)
  LOOP
    PERFORM platform.ensure_counter(charged, zone, rates);
  END LOOP;
END $$;

-- Moves a call's cost and tokens, or a correction of them, into the counters.
CREATE FUNCTION platform.charge(u platform.usage, more_cost bigint, more_tokens bigint, zone text, rates jsonb) RETURNS void
  LANGUAGE plpgsql AS $$
DECLARE b platform.charged_budget;
BEGIN
  FOR b IN SELECT * FROM platform.budgets_of(u, zone) LOOP
    PERFORM platform.ensure_counter(b, zone, rates);
    UPDATE platform.usage_counters c
    SET spent_cost = spent_cost + platform.exchange(more_cost, u.currency, b.currency, rates), spent_tokens = spent_tokens + more_tokens
    WHERE c.tenant_id = app.required_tenant() AND c.budget_id = b.budget_id AND c.subject = b.subject AND c.period_start = b.period_start;
  END LOOP;
END $$;

-- Ends reservations whose lease ran out, at what was held back for them: the vendor may have been paid that much.
-- Answers how many there were. `rates` as in platform.exchange.
CREATE FUNCTION platform.release_abandoned(rates jsonb) RETURNS integer
  LANGUAGE plpgsql AS $$
DECLARE u platform.usage; released integer := 0;
BEGIN
  PERFORM platform.lock_usage();
  FOR u IN SELECT * FROM platform.usage
    WHERE tenant_id = app.required_tenant() AND status = 'reserved' AND lease_until < now() ORDER BY id LOOP
    PERFORM platform.charge(u, u.cost, u.input_tokens + u.output_tokens, platform.tenant_zone(), rates);
    UPDATE platform.usage SET status = 'abandoned' WHERE tenant_id = u.tenant_id AND id = u.id;
    DELETE FROM platform.usage_holds WHERE tenant_id = u.tenant_id AND usage_id = u.id;
    released := released + 1;
  END LOOP;
  RETURN released;
END $$;

-- The call as a row: whose it is, when it is, and what it costs at most.
CREATE FUNCTION platform.planned_call(call jsonb, zone text) RETURNS platform.usage
  LANGUAGE plpgsql STABLE AS $$
DECLARE
  u platform.usage := jsonb_populate_record(NULL::platform.usage, call);
  own platform.model_prices;
  price jsonb := call->'price';
BEGIN
  u.tenant_id := app.required_tenant();
  u.day := (u.at AT TIME ZONE zone)::date;
  u.lease_until := now() + make_interval(secs => (call->>'lease_seconds')::integer);
  u.currency := platform.usage_currency(call->'rates');
  SELECT * INTO own FROM platform.model_prices p WHERE p.tenant_id = u.tenant_id AND p.model = u.model
    AND p.valid_from <= u.day AND u.priced <> 'free' ORDER BY p.valid_from DESC LIMIT 1;
  IF FOUND THEN
    u.priced := 'own';
    price := to_jsonb(own);
  END IF;
  u.price_input := platform.exchange((price->>'input')::bigint, price->>'currency', u.currency, call->'rates');
  u.price_cached := platform.exchange((price->>'cached')::bigint, price->>'currency', u.currency, call->'rates');
  u.price_output := platform.exchange((price->>'output')::bigint, price->>'currency', u.currency, call->'rates');
  u.cached_tokens := coalesce(u.cached_tokens, 0);
  u.reasoning_tokens := coalesce(u.reasoning_tokens, 0);
  u.milliseconds := coalesce(u.milliseconds, 0);
  u.measured := coalesce(u.measured, 'estimated');
  u.cost := platform.cost_of_call(u);
  RETURN u;
END $$;

-- What is used of a budget in a period, with what open calls hold back.
CREATE FUNCTION platform.used_of(b platform.charged_budget, OUT cost bigint, OUT tokens bigint)
  LANGUAGE sql STABLE AS $$
  SELECT c.spent_cost + coalesce(sum(h.cost), 0), c.spent_tokens + coalesce(sum(h.tokens), 0)
  FROM platform.usage_counters c LEFT JOIN platform.usage_holds h
    ON (h.tenant_id, h.budget_id, h.subject, h.period_start) = (c.tenant_id, c.budget_id, c.subject, c.period_start)
  WHERE c.tenant_id = app.required_tenant() AND c.budget_id = b.budget_id AND c.subject = b.subject
    AND c.period_start = b.period_start
  GROUP BY c.spent_cost, c.spent_tokens
$$;

-- Holds back what a call may use at most. Answers NULL, or the budget that has no room for it: then nothing is held.
CREATE FUNCTION platform.reserve_usage(call jsonb) RETURNS jsonb
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
    used := platform.used_of(b);
    IF wanted > 0 AND used.cost + wanted > b.most_cost OR used.tokens + u.input_tokens + u.output_tokens > b.most_tokens THEN
      RETURN jsonb_build_object('budget', b.budget_id, 'covers', b.covers, 'period', b.period, 'zone', zone,
        'renewsAt', platform.period_begins(b.period, b.period_start, zone, 1));
    END IF;
  END LOOP;
  INSERT INTO platform.usage SELECT u.*;
  INSERT INTO platform.usage_holds (tenant_id, usage_id, budget_id, subject, period_start, cost, tokens)
  SELECT u.tenant_id, u.id, held.budget_id, held.subject, held.period_start,
    platform.exchange(u.cost, u.currency, held.currency, rates), u.input_tokens + u.output_tokens
  FROM platform.budgets_of(u, zone) held;
  RETURN NULL;
END $$;

-- Replaces what was held back for a call by what it used; settling twice changes nothing. One that was abandoned
-- meanwhile is corrected. Answers `{ cost, currency, priced, warnings }`, or NULL when there is nothing to settle.
-- A warning is given once in a period, and only where somebody hears it.
CREATE FUNCTION platform.settle_usage(used jsonb) RETURNS jsonb
  LANGUAGE plpgsql AS $$
DECLARE
  zone text := platform.tenant_zone();
  rates jsonb := used->'rates';
  before platform.usage;
  u platform.usage;
  is_counted boolean;
BEGIN
  PERFORM platform.lock_usage();
  SELECT * INTO before FROM platform.usage
  WHERE tenant_id = app.required_tenant() AND id = (used->>'id')::uuid AND status <> 'settled';
  IF NOT FOUND THEN RETURN NULL; END IF;
  u := jsonb_populate_record(before, used);
  u.cost := platform.cost_of_call(u);
  is_counted := before.status = 'abandoned';
  PERFORM platform.charge(u,
    u.cost - CASE WHEN is_counted THEN before.cost ELSE 0 END,
    u.input_tokens + u.output_tokens - CASE WHEN is_counted THEN before.input_tokens + before.output_tokens ELSE 0 END,
    zone, rates);
  UPDATE platform.usage SET status = 'settled', input_tokens = u.input_tokens, cached_tokens = u.cached_tokens,
    output_tokens = u.output_tokens, reasoning_tokens = u.reasoning_tokens, milliseconds = u.milliseconds, cost = u.cost,
    measured = u.measured
  WHERE tenant_id = u.tenant_id AND id = u.id;
  DELETE FROM platform.usage_holds WHERE tenant_id = u.tenant_id AND usage_id = u.id;
  RETURN jsonb_build_object('cost', u.cost, 'currency', u.currency, 'priced', u.priced,
    'warnings', CASE WHEN (used->>'heard')::boolean THEN platform.due_warnings(u, zone) ELSE '[]' END);
END $$;

-- The budgets of a call that have come near their end and nobody was told of yet; now somebody is.
CREATE FUNCTION platform.due_warnings(u platform.usage, zone text) RETURNS jsonb
  LANGUAGE sql AS $$
  WITH due AS (
    UPDATE platform.usage_counters c SET warned_at = now()
    FROM platform.budgets_of(u, zone) b
    WHERE c.tenant_id = app.required_tenant() AND c.budget_id = b.budget_id AND c.subject = b.subject
      AND c.period_start = b.period_start AND c.warned_at IS NULL
      AND (c.spent_cost * 100 >= b.most_cost * b.warn_percent AND c.spent_cost > 0
        OR c.spent_tokens * 100 >= b.most_tokens * b.warn_percent AND c.spent_tokens > 0)
    RETURNING b.*, c.spent_cost, c.spent_tokens)
  SELECT coalesce(jsonb_agg(jsonb_build_object('budget', budget_id, 'covers', covers, 'period', period, 'zone', zone,
    'renewsAt', platform.period_begins(period, period_start, zone, 1),
    'percent', greatest(spent_cost * 100 / nullif(most_cost, 0), spent_tokens * 100 / nullif(most_tokens, 0), 0))), '[]')
  FROM due
$$;

-- A call that costs nothing needs no reservation: it is written down when it is over.
CREATE FUNCTION platform.record_free_usage(call jsonb) RETURNS void
  LANGUAGE plpgsql AS $$
DECLARE u platform.usage := platform.planned_call(call, platform.tenant_zone());
BEGIN
  u.status := 'settled';
  INSERT INTO platform.usage SELECT u.*;
END $$;

-- What was used on these days, be it kept call by call or by day.
CREATE FUNCTION platform.usage_between(first_day date, last_day date) RETURNS SETOF platform.usage_days
  LANGUAGE sql STABLE AS $$
  SELECT u.tenant_id, u.day, u.person_id, u.agent_id, u.purpose, u.model, u.currency, u.priced, u.measured, 1::bigint,
    u.input_tokens, u.cached_tokens, u.output_tokens, u.reasoning_tokens, u.milliseconds, u.cost
  FROM platform.usage u
  WHERE u.tenant_id = app.required_tenant() AND u.status <> 'reserved' AND u.day BETWEEN first_day AND last_day
    AND u.at >= first_day - interval '1 day' AND u.at < last_day + interval '2 days'
  UNION ALL
  SELECT d.* FROM platform.usage_days d WHERE d.tenant_id = app.required_tenant() AND d.day BETWEEN first_day AND last_day
$$;

-- Sums calls of days that are over for long by day, and lets go of them; at most so many at a time. Answers how many.
CREATE FUNCTION platform.roll_up_usage(before date, most integer) RETURNS integer
  LANGUAGE plpgsql AS $$
DECLARE gone_count integer;
BEGIN
  PERFORM platform.lock_usage();
  WITH old AS (
    SELECT id FROM platform.usage WHERE tenant_id = app.required_tenant() AND at < before AND day < before AND status <> 'reserved'
    ORDER BY at LIMIT most),
  gone AS (
    DELETE FROM platform.usage u USING old WHERE u.tenant_id = app.required_tenant() AND u.id = old.id RETURNING u.*),
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

-- Companies with calls that nobody settles any more, or that are older than they are kept for: what follows is done as each.
SELECT app.open_to_reviewed('platform.usage', 'SELECT');
CREATE FUNCTION platform.tenants_with_old_usage(before date) RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT t.tenant_id FROM platform.tenants t
  WHERE EXISTS (SELECT FROM platform.usage u WHERE u.tenant_id = t.tenant_id AND u.status = 'reserved' AND u.lease_until < now())
    OR EXISTS (SELECT FROM platform.usage u WHERE u.tenant_id = t.tenant_id AND u.at < before AND u.day < before)
$$;
SELECT app.reviewed('platform.tenants_with_old_usage(date)');

-- The budgets with what is used of each in the period that runs now: of the subject that has used most of it.
CREATE VIEW platform.budget_list WITH (security_invoker = true) AS
  SELECT b.*, platform.period_begins(b.period, p.start, p.zone, 1) AS renews_at,
    round(coalesce(c.spent_cost, 0) / 10000.0)::bigint AS spent_cost, coalesce(c.spent_tokens, 0) AS spent_tokens,
    coalesce(c.percent, 0) AS used_percent
  FROM platform.budgets b
    CROSS JOIN LATERAL (SELECT zone, platform.period_start(b.period, now(), zone) AS start FROM platform.tenant_zone() zone) p
    LEFT JOIN LATERAL (
      SELECT c.spent_cost, c.spent_tokens,
        greatest(c.spent_cost / nullif(b.most_cost * 100, 0), c.spent_tokens * 100 / nullif(b.most_tokens, 0), 0)::integer AS percent
      FROM platform.usage_counters c
      WHERE c.tenant_id = b.tenant_id AND c.budget_id = b.id AND c.period_start = p.start
      ORDER BY percent DESC, c.subject LIMIT 1) c ON true;
GRANT SELECT ON platform.budget_list TO tekup_app;
