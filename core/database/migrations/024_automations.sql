-- "When this happens, and this holds, do that": what a company has its events answered with. What a person approved is bound
-- to the exact definition: changing any of it takes the approval away, whoever changes it.

CREATE TABLE platform.automations (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  -- The definition, as it is approved.
  name text NOT NULL,
  event text NOT NULL,
  event_version integer NOT NULL,
  conditions jsonb NOT NULL,
  operation text NOT NULL,
  input jsonb NOT NULL,
  delay_minutes integer NOT NULL CHECK (delay_minutes BETWEEN 0 AND 43200),
  runs_per_hour integer NOT NULL CHECK (runs_per_hour BETWEEN 1 AND 1000),
  -- A draft waits for a person; `off` was switched off by one; `stopped` switched itself off, and says why.
  status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'on', 'off', 'stopped')),
  code text,
  reason jsonb,
  made_by uuid,
  made_by_agent boolean NOT NULL,
  -- Who said yes, to which definition, of which version of the operation's plugin.
  approved_by uuid,
  approved_at timestamptz,
  approved_hash text CHECK (approved_hash ~ '^[0-9a-f]{64}$'),
  plugin_version text,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  CHECK (status <> 'on' OR (approved_by, approved_at, approved_hash, plugin_version) IS NOT NULL),
  CHECK ((status = 'stopped') = (code IS NOT NULL))
);
SELECT app.isolate('platform.automations');
SELECT app.open_to_reviewed('platform.automations', 'SELECT, UPDATE');
CREATE INDEX automations_by_event ON platform.automations (tenant_id, event, event_version) WHERE status = 'on';
CREATE INDEX automations_by_name ON platform.automations (tenant_id, name, id);
CREATE TRIGGER touch BEFORE UPDATE ON platform.automations FOR EACH ROW EXECUTE FUNCTION app.touch();

CREATE FUNCTION platform.unapprove_automation() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.status := 'draft';
  NEW.code := NULL;
  NEW.reason := NULL;
  NEW.approved_by := NULL;
  NEW.approved_at := NULL;
  NEW.approved_hash := NULL;
  NEW.plugin_version := NULL;
  RETURN NEW;
END $$;
CREATE TRIGGER unapprove BEFORE UPDATE ON platform.automations FOR EACH ROW
  WHEN ((NEW.name, NEW.event, NEW.event_version, NEW.conditions, NEW.operation, NEW.input, NEW.delay_minutes, NEW.runs_per_hour)
    IS DISTINCT FROM
    (OLD.name, OLD.event, OLD.event_version, OLD.conditions, OLD.operation, OLD.input, OLD.delay_minutes, OLD.runs_per_hour))
  EXECUTE FUNCTION platform.unapprove_automation();

-- A company whose row stands here has stopped all of them.
CREATE TABLE platform.automation_stops (
  tenant_id uuid PRIMARY KEY,
  stopped_by uuid,
  stopped_at timestamptz NOT NULL DEFAULT now()
);
SELECT app.isolate('platform.automation_stops');
SELECT app.open_to_reviewed('platform.automation_stops', 'SELECT');

-- Below 0, 0 or above as one number, day (ISO 8601) or moment is less than, like or more than another; NULL where there is no order.
CREATE FUNCTION platform.compared(one jsonb, other jsonb) RETURNS integer
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  a text := one #>> '{}';
  b text := other #>> '{}';
BEGIN
  IF jsonb_typeof(one) = 'number' AND jsonb_typeof(other) = 'number' THEN
    RETURN sign(a::numeric - b::numeric);
  ELSIF a ~ '^\d{4}-\d\d-\d\d$' AND b ~ '^\d{4}-\d\d-\d\d$' THEN
    RETURN CASE WHEN a COLLATE "C" < b THEN -1 WHEN a = b THEN 0 ELSE 1 END;
  ELSIF a ~ '^\d{4}-\d\d-\d\dT' AND b ~ '^\d{4}-\d\d-\d\dT' THEN
    RETURN CASE WHEN a::timestamptz < b::timestamptz THEN -1 WHEN a::timestamptz = b::timestamptz THEN 0 ELSE 1 END;
  END IF;
  RETURN NULL;
EXCEPTION WHEN data_exception THEN
  RETURN NULL;
END $$;

-- Whether an event's payload is as the conditions say: a group `{match, of}` of tests `{field, is, value}` and groups. The
-- only evaluator there is: the relay and the dry run both ask it.
CREATE FUNCTION platform.meets(condition jsonb, payload jsonb) RETURNS boolean
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  given jsonb := payload #> string_to_array(condition ->> 'field', '.');
  wanted jsonb := condition -> 'value';
BEGIN
  IF condition ? 'of' THEN
    RETURN CASE condition ->> 'match'
      WHEN 'all' THEN (SELECT coalesce(bool_and(platform.meets(c, payload)), true) FROM jsonb_array_elements(condition -> 'of') c)
      ELSE (SELECT coalesce(bool_or(platform.meets(c, payload)), true) FROM jsonb_array_elements(condition -> 'of') c) END;
  END IF;
  IF given = 'null' THEN given := NULL; END IF;
  RETURN coalesce(CASE condition ->> 'is'
    WHEN 'exists' THEN given IS NOT NULL
    WHEN 'missing' THEN given IS NULL
    WHEN 'equals' THEN given = wanted
    WHEN 'notEquals' THEN given IS NULL OR given <> wanted
    WHEN 'in' THEN EXISTS (
      SELECT FROM jsonb_array_elements(CASE jsonb_typeof(wanted) WHEN 'array' THEN wanted ELSE '[]' END) w WHERE w = given)
    WHEN 'contains' THEN CASE jsonb_typeof(given)
      WHEN 'array' THEN EXISTS (SELECT FROM jsonb_array_elements(given) g WHERE g = wanted)
      WHEN 'string' THEN strpos(given #>> '{}', wanted #>> '{}') > 0 END
    WHEN 'greater' THEN platform.compared(given, wanted) > 0
    WHEN 'less' THEN platform.compared(given, wanted) < 0 END, false);
END $$;
