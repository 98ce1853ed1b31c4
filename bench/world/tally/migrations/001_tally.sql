CREATE SCHEMA tally;
GRANT USAGE ON SCHEMA tally TO tekup_app;

-- What a job leaves behind: one row, and when its handler began (microseconds of the machine's own clock).
CREATE TABLE tally.strokes (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  begun bigint NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
SELECT app.isolate('tally.strokes');
