CREATE SCHEMA shelf;
GRANT USAGE ON SCHEMA shelf TO tekup_app;

CREATE TABLE shelf.books (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  title text NOT NULL,
  pages integer NOT NULL DEFAULT 1,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, title)
);
SELECT app.isolate('shelf.books');
CREATE TRIGGER touch BEFORE UPDATE ON shelf.books FOR EACH ROW EXECUTE FUNCTION app.touch();
CREATE INDEX books_by_title ON shelf.books (tenant_id, title, id);
