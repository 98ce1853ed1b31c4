-- What models use: budgets, every call of a model, what open calls hold back, and the days that old calls are rolled up to.
-- Costs are micro-units of a currency (1 DKK is 1,000,000); budgets are minor units (1 DKK is 100).

CREATE TABLE platform.budgets (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  covers text NOT NULL CHECK (covers IN ('company', 'person', 'agent')),
  -- The person or agent; without one, each person or each agent has this much.
  subject_id text CHECK (char_length(subject_id) BETWEEN 1 AND 100),
  period text NOT NULL CHECK (period IN ('day', 'month')),
  most_cost bigint CHECK (most_cost >= 0),
  currency text NOT NULL,
  most_tokens bigint CHECK (most_tokens >= 0),
  warn_percent integer NOT NULL DEFAULT 80 CHECK (warn_percent BETWEEN 1 AND 99),
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE NULLS NOT DISTINCT (tenant_id, covers, subject_id, period),
  CHECK (most_cost IS NOT NULL OR most_tokens IS NOT NULL),
  CHECK (covers <> 'company' OR subject_id IS NULL)
);
SELECT app.isolate('platform.budgets');
CREATE TRIGGER touch BEFORE UPDATE ON platform.budgets FOR EACH ROW EXECUTE FUNCTION app.touch();

-- What was used of a budget in one period, by one subject ('' for the company).
CREATE TABLE platform.usage_counters (
  tenant_id uuid NOT NULL,
  budget_id uuid NOT NULL,
  subject text NOT NULL,
  period_start date NOT NULL,
  spent_cost bigint NOT NULL,
  spent_tokens bigint NOT NULL,
  -- When somebody was told that it comes to an end.
  warned_at timestamptz,
  PRIMARY KEY (tenant_id, budget_id, subject, period_start),
  FOREIGN KEY (tenant_id, budget_id) REFERENCES platform.budgets ON DELETE CASCADE
);
SELECT app.isolate('platform.usage_counters');

-- What a company itself says that a model costs, from a day on: instead of the price lists that come with the product.
CREATE TABLE platform.model_prices (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  model text NOT NULL CHECK (char_length(model) BETWEEN 1 AND 200),
  valid_from date NOT NULL,
  currency text NOT NULL,
  -- Micro-units of the currency for a million tokens.
  input bigint NOT NULL CHECK (input >= 0),
  cached bigint NOT NULL CHECK (cached >= 0),
  output bigint NOT NULL CHECK (output >= 0),
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, model, valid_from)
);
SELECT app.isolate('platform.model_prices');

-- One call of a model each: reserved before it is made, settled after it. A process that dies in between leaves it
-- reserved; past its lease it counts as abandoned, with all that was held back for it.
CREATE TABLE platform.usage (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  at timestamptz NOT NULL,
  -- The company's own day when the call was made, whatever its time zone becomes.
  day date NOT NULL,
  status text NOT NULL CHECK (status IN ('reserved', 'settled', 'abandoned')),
  lease_until timestamptz NOT NULL,
  person_id uuid,
  agent_id text NOT NULL,
  conversation_id uuid,
  purpose text NOT NULL,
  model text NOT NULL,
  input_tokens bigint NOT NULL,
  cached_tokens bigint NOT NULL DEFAULT 0,
  output_tokens bigint NOT NULL,
  reasoning_tokens bigint NOT NULL DEFAULT 0,
  milliseconds bigint NOT NULL DEFAULT 0,
  cost bigint NOT NULL,
  currency text NOT NULL,
  -- Where the price is from: a list, the dearest of a list that does not know the model, the company, or free of charge.
  priced text NOT NULL CHECK (priced IN ('list', 'dearest', 'own', 'free')),
  -- Micro-units of the currency for a million tokens, as they were when the call was made.
  price_input bigint NOT NULL,
  price_cached bigint NOT NULL,
  price_output bigint NOT NULL,
  -- Whether the tokens are the vendor's own count or ours.
  measured text NOT NULL CHECK (measured IN ('reported', 'estimated')),
  PRIMARY KEY (tenant_id, id)
);
SELECT app.isolate('platform.usage');
CREATE INDEX usage_by_time ON platform.usage (tenant_id, at, id);
CREATE INDEX usage_open ON platform.usage (tenant_id, lease_until) WHERE status = 'reserved';

-- What an open call holds back of a budget, so that two calls at once cannot both use the same rest.
CREATE TABLE platform.usage_holds (
  tenant_id uuid NOT NULL,
  usage_id uuid NOT NULL,
  budget_id uuid NOT NULL,
  subject text NOT NULL,
  period_start date NOT NULL,
  cost bigint NOT NULL,
  tokens bigint NOT NULL,
  PRIMARY KEY (tenant_id, usage_id, budget_id),
  FOREIGN KEY (tenant_id, usage_id) REFERENCES platform.usage ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, budget_id) REFERENCES platform.budgets ON DELETE CASCADE
);
SELECT app.isolate('platform.usage_holds');
CREATE INDEX usage_holds_of_budget ON platform.usage_holds (tenant_id, budget_id, subject, period_start);

-- Calls that are older than their own rows are kept for, summed by day.
CREATE TABLE platform.usage_days (
  tenant_id uuid NOT NULL,
  day date NOT NULL,
  person_id uuid,
  agent_id text NOT NULL,
  purpose text NOT NULL,
  model text NOT NULL,
  currency text NOT NULL,
  priced text NOT NULL,
  measured text NOT NULL,
  calls bigint NOT NULL,
  input_tokens bigint NOT NULL,
  cached_tokens bigint NOT NULL,
  output_tokens bigint NOT NULL,
  reasoning_tokens bigint NOT NULL,
  milliseconds bigint NOT NULL,
  cost bigint NOT NULL,
  UNIQUE NULLS NOT DISTINCT (tenant_id, day, person_id, agent_id, purpose, model, currency, priced, measured)
);
SELECT app.isolate('platform.usage_days');
