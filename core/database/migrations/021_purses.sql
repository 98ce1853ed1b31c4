-- What a turn's calls of models may use is held back with its message, in one row that becomes its first call when the turn
-- ends: so a turn's usage is counted without an exchange, a lock or a commit of its own.

-- What may still be used before somebody has to be told that a budget comes to its end; NULL where nobody has to be.
CREATE FUNCTION platform.room_before_warning(u platform.usage, zone text, rates jsonb, OUT cost bigint, OUT tokens bigint)
  LANGUAGE sql STABLE AS $$
  SELECT min(platform.exchange(b.most_cost * b.warn_percent / 100 - c.spent_cost, b.currency, u.currency, rates) - 1),
    min(b.most_tokens * b.warn_percent / 100 - c.spent_tokens)
  FROM platform.budgets_of(u, zone) b JOIN platform.usage_counters c
    ON c.budget_id = b.budget_id AND c.subject = b.subject AND c.period_start = b.period_start
  WHERE c.tenant_id = (SELECT app.tenant()) AND c.warned_at IS NULL
$$;

-- Holds back what a turn's calls may use together; NULL where a budget has no room for that much. Answers
-- { id, currency, price, cost, tokens, warnCost, warnTokens }: what is held back, and how much of it nobody needs to hear of.
CREATE FUNCTION platform.reserve_purse(planned jsonb) RETURNS jsonb
  LANGUAGE plpgsql AS $$
DECLARE
  u platform.usage;
  room record;
BEGIN
  IF platform.reserve_usage(planned) IS NOT NULL THEN RETURN NULL; END IF;
  SELECT * INTO STRICT u FROM platform.usage WHERE tenant_id = app.required_tenant() AND id = (planned->>'id')::uuid;
  room := platform.room_before_warning(u, platform.tenant_zone(), planned->'rates');
  RETURN jsonb_build_object('id', u.id, 'currency', u.currency, 'cost', u.cost, 'tokens', u.input_tokens + u.output_tokens,
    'price', jsonb_build_object('input', u.price_input, 'cached', u.price_cached, 'output', u.price_output),
    'warnCost', room.cost, 'warnTokens', room.tokens);
END $$;

-- The calls that a purse was for as rows of their own, the first in the purse's own row. A call after midnight is of the day
-- in which it was held back, as its budgets are.
CREATE FUNCTION platform.purse_calls(purse platform.usage, calls jsonb) RETURNS SETOF platform.usage
  LANGUAGE plpgsql STABLE AS $$
DECLARE
  zone text := platform.tenant_zone();
  call jsonb;
  u platform.usage;
BEGIN
  FOR call IN SELECT * FROM jsonb_array_elements(calls) LOOP
    u := jsonb_populate_record(purse, call);
    IF (u.at AT TIME ZONE zone)::date <> purse.day THEN u.at := purse.at; END IF;
    u.status := 'settled';
    u.cost := platform.cost_of_call(u);
    RETURN NEXT u;
  END LOOP;
END $$;

-- Replaces what was held back by what each call used. What nobody called for is given back; one that was abandoned meanwhile is
-- corrected. Answers { currency, costs, warnings }, or NULL when there is nothing to settle. `warnings` as in settle_usage.
CREATE FUNCTION platform.settle_purse(settled jsonb) RETURNS jsonb
  LANGUAGE plpgsql AS $$
DECLARE
  zone text := platform.tenant_zone();
  purse platform.usage;
  counted platform.usage;
  calls platform.usage[];
  is_near boolean;
BEGIN
  PERFORM platform.lock_usage();
  SELECT * INTO purse FROM platform.usage
  WHERE tenant_id = app.tenant() AND id = (settled->>'id')::uuid AND status <> 'settled';
  IF NOT FOUND THEN RETURN NULL; END IF;
  calls := ARRAY(SELECT u FROM platform.purse_calls(purse, settled->'calls') u);
  IF purse.status = 'abandoned' THEN counted := purse; END IF;
  is_near := platform.charge(purse,
    (SELECT coalesce(sum(u.cost), 0) FROM unnest(calls) u)::bigint - coalesce(counted.cost, 0),
    (SELECT coalesce(sum(u.input_tokens + u.output_tokens), 0) FROM unnest(calls) u)::bigint
      - coalesce(counted.input_tokens + counted.output_tokens, 0),
    zone, settled->'rates');
  DELETE FROM platform.usage WHERE tenant_id = purse.tenant_id AND id = purse.id;
  INSERT INTO platform.usage SELECT u.* FROM unnest(calls) u;
  RETURN jsonb_build_object('currency', purse.currency, 'costs', (SELECT coalesce(jsonb_agg(u.cost), '[]') FROM unnest(calls) u),
    'warnings', CASE WHEN is_near AND (settled->>'heard')::boolean THEN platform.due_warnings(purse, zone) ELSE '[]' END);
END $$;

-- What a turn leaves to count: { purse, free }, a purse to settle and calls that cost nothing. Answers what the purse came to.
CREATE FUNCTION platform.settle_tab(tab jsonb) RETURNS jsonb
  LANGUAGE plpgsql AS $$
BEGIN
  PERFORM platform.record_free_usage(call) FROM jsonb_array_elements(tab->'free') call;
  RETURN CASE WHEN tab ? 'purse' THEN platform.settle_purse(tab->'purse') END;
END $$;

-- As before, and reserves the purse that comes with a message whose turn is taken; answers it with the rest.
CREATE OR REPLACE FUNCTION platform.receive_message(sent jsonb, said jsonb) RETURNS jsonb
  LANGUAGE plpgsql AS $$
DECLARE
  known jsonb;
  c platform.conversations;
  asked uuid := (sent->>'message')::uuid;
  turn uuid := (sent->>'turn')::uuid;
  moment timestamptz := (sent->>'at')::timestamptz;
  claimed boolean;
BEGIN
  IF sent->>'key' IS NOT NULL THEN
    known := platform.known_delivery(sent);
    IF known IS NOT NULL THEN RETURN known; END IF;
  END IF;
  c := platform.enter_conversation(sent);
  IF c.id IS NULL THEN RETURN '{"refusal": "not_found"}'; END IF;
  IF sent->>'conversation' IS NOT NULL THEN PERFORM platform.end_abandoned_before(c.id, turn, said); END IF;
  claimed := sent->>'conversation' IS NULL OR NOT platform.turn_is_blocked(c.id, turn);
  INSERT INTO platform.messages (tenant_id, id, conversation_id, person_id, role, text, locale, status, delivery_key, at)
  VALUES
    (c.tenant_id, asked, c.id, c.person_id, 'person', sent->>'text', sent->>'locale', 'done', sent->>'key', moment),
    (c.tenant_id, (sent->>'reply')::uuid, c.id, c.person_id, 'agent', '', sent->>'locale', 'running', NULL, moment);
  INSERT INTO platform.turns
    (tenant_id, id, conversation_id, person_id, message_id, reply_id, surface, status, attempt, lease_until)
  VALUES (c.tenant_id, turn, c.id, c.person_id, asked, (sent->>'reply')::uuid, sent->>'surface',
    CASE WHEN claimed THEN 'running' ELSE 'waiting' END, claimed::integer,
    now() + make_interval(secs => (sent->>'leaseSeconds')::integer));
  RETURN jsonb_build_object('conversation', c.id, 'message', asked, 'turn', turn, 'claimed', claimed,
    'agent', c.agent_id, 'untrusted', c.untrusted,
    'purse', CASE WHEN claimed AND sent ? 'purse' THEN platform.reserve_purse(sent->'purse') END);
END $$;
