-- A call that speaks with another system is in the trail before it does: should the process die meanwhile, it is not lost.

ALTER TABLE platform.audit DROP CONSTRAINT audit_outcome_check;
ALTER TABLE platform.audit ADD CONSTRAINT audit_outcome_check CHECK (outcome IN ('begun', 'done', 'refused', 'failed'));
