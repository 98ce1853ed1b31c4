-- Secrets that companies give in keeping. Each company has a data key, which is kept wrapped by the installation's key.

-- A column of this type holds what the vault has sealed. The vault finds such columns by their type when a company's data
-- key is changed; their table has `tenant_id` and `id` as its key.
CREATE DOMAIN app.sealed AS bytea CHECK (octet_length(VALUE) BETWEEN 45 AND 1048576);

CREATE TABLE platform.data_keys (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  -- AES-256-GCM of the key under the installation's key.
  wrapped bytea NOT NULL,
  -- The fingerprint of the installation's key that it is wrapped by.
  wrapping_key text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- Nothing is sealed with it any more; kept a little for those who had begun to read.
  retired_at timestamptz,
  PRIMARY KEY (tenant_id, id)
);
SELECT app.isolate('platform.data_keys');
SELECT app.open_to_reviewed('platform.data_keys', 'SELECT, UPDATE');
CREATE UNIQUE INDEX data_key_in_use ON platform.data_keys (tenant_id) WHERE retired_at IS NULL;

-- Every company's keys that another installation key wraps: the start moves them to the current one.
CREATE FUNCTION platform.data_keys_wrapped_otherwise(current_key text, most integer)
  RETURNS TABLE (tenant_id uuid, id uuid, wrapped bytea, wrapping_key text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT k.tenant_id, k.id, k.wrapped, k.wrapping_key FROM platform.data_keys k
  WHERE k.wrapping_key <> current_key ORDER BY k.tenant_id, k.id LIMIT most
$$;
SELECT app.reviewed('platform.data_keys_wrapped_otherwise(text, integer)');

-- Several processes may start at once: whoever comes second finds it done.
CREATE FUNCTION platform.rewrap_data_key(tenant uuid, key uuid, wrapped_by text, new_wrapped bytea, new_key text)
  RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE platform.data_keys k SET wrapped = new_wrapped, wrapping_key = new_key
  WHERE k.tenant_id = tenant AND k.id = key AND k.wrapping_key = wrapped_by
$$;
SELECT app.reviewed('platform.rewrap_data_key(uuid, uuid, text, bytea, text)');
