-- The trail knows one more kind of actor: an outsider who holds a public key, of a form say.
ALTER TABLE platform.audit DROP CONSTRAINT audit_actor_kind_check;
ALTER TABLE platform.audit ADD CONSTRAINT audit_actor_kind_check
  CHECK (actor_kind IN ('person', 'key', 'agent', 'job', 'platform', 'outsider'));
