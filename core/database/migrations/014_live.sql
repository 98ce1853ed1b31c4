-- The outbox as a log that readers resume from. A transaction's events become visible at its commit, which is in no order
-- of their ids; `floor` says which transactions were certainly over when an event was stored: whoever has seen the event
-- asks for what is not certainly older. The rewrite gives the rows of before this migration's own transaction.
ALTER TABLE platform.outbox
  ADD COLUMN subject text,
  -- Whom alone it concerns; everybody who may read such things where it is null.
  ADD COLUMN person_id uuid,
  ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  ADD COLUMN floor xid8 NOT NULL DEFAULT pg_snapshot_xmin(pg_current_snapshot());
CREATE INDEX outbox_by_transaction ON platform.outbox (tenant_id, xid);
