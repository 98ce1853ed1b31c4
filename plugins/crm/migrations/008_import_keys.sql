-- What imports know a contact again by, beside its email addresses.

-- What other programs call a contact, such as HubSpot's record id: one id of one program is one contact.
CREATE TABLE crm.contact_external_ids (
  tenant_id uuid NOT NULL,
  source text NOT NULL CHECK (source ~ '^[a-z0-9_-]{1,40}$'),
  external_id text NOT NULL CHECK (external_id <> ''),
  contact_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, source, external_id),
  FOREIGN KEY (tenant_id, contact_id) REFERENCES crm.contacts (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX contact_external_ids_of_contact ON crm.contact_external_ids (tenant_id, contact_id);
SELECT app.isolate('crm.contact_external_ids');

-- The name as two writings of it are compared: "Søren Lund" and "SOREN LUND" are one.
ALTER TABLE crm.contacts ADD COLUMN folded_name text NOT NULL GENERATED ALWAYS AS (crm.fold_plain(name)) STORED;
CREATE INDEX contacts_by_folded_name ON crm.contacts (tenant_id, folded_name);

-- How a file was read, and which program the ids in it belong to.
ALTER TABLE crm.imports
  ADD COLUMN delimiter text,
  ADD COLUMN encoding text,
  ADD COLUMN id_source text NOT NULL DEFAULT 'file' CHECK (id_source ~ '^[a-z0-9_-]{1,40}$');
