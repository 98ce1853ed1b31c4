CREATE SCHEMA mill;
GRANT USAGE ON SCHEMA mill TO tekup_app;

-- Every grinding leaves a row, and nothing keeps it from being done twice: so it shows.
CREATE TABLE mill.flour (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  position bigint GENERATED ALWAYS AS IDENTITY,
  sack text NOT NULL,
  number integer NOT NULL,
  actor text NOT NULL,
  begun_at timestamptz NOT NULL,
  ended_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant_id, id)
);
SELECT app.isolate('mill.flour');
