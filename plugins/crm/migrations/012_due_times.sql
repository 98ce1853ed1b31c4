-- A task may be due at a moment, such as a call that is to be made; the date stays what lists go by.
ALTER TABLE crm.tasks ADD COLUMN due_at timestamptz;
