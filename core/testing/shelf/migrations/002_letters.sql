-- What strangers have written to the shelf, and what has been sent from it.
CREATE TABLE shelf.letters (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  way text NOT NULL CHECK (way IN ('in', 'out')),
  -- Whom it is to; nobody for what came in.
  address text,
  text text NOT NULL,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
SELECT app.isolate('shelf.letters');
CREATE INDEX letters_by_time ON shelf.letters (tenant_id, created_at, id);
