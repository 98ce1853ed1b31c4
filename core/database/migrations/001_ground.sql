-- The ground that every tenant table stands on: who the tenant is, and the two ways a table or function is let in.

CREATE SCHEMA platform;
GRANT USAGE ON SCHEMA platform TO tekup_app, tekup_definer;

-- The tenant of this transaction; NULL when none is set (after COMMIT the setting reads '', not NULL).
CREATE FUNCTION app.tenant() RETURNS uuid
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('app.tenant_id', true), '')::uuid;

-- The same for reviewed functions, which see every row: an unset tenant is an error there, never "all".
CREATE FUNCTION app.required_tenant() RETURNS uuid
  LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF app.tenant() IS NULL THEN
    RAISE EXCEPTION 'no tenant is set' USING ERRCODE = '42501';
  END IF;
  RETURN app.tenant();
END $$;

-- Makes a table a tenant's table: rows are seen and written by their own tenant only, the owner included.
CREATE FUNCTION app.isolate(target regclass) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
  EXECUTE format('CREATE POLICY tenant_isolation ON %s
    USING (tenant_id = (SELECT app.tenant())) WITH CHECK (tenant_id = (SELECT app.tenant()))', target);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO tekup_app', target);
END $$;

-- Lets reviewed functions (owned by tekup_definer, which nobody can log in as) use a table across tenants.
CREATE FUNCTION app.open_to_reviewed(target regclass, privileges text) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF privileges !~ '^(SELECT|INSERT|UPDATE|DELETE)(, (SELECT|INSERT|UPDATE|DELETE))*$' THEN
    RAISE EXCEPTION 'unknown privileges: %', privileges;
  END IF;
  EXECUTE format('CREATE POLICY reviewed_functions ON %s TO tekup_definer USING (true) WITH CHECK (true)', target);
  EXECUTE format('GRANT %s ON %s TO tekup_definer', privileges, target);
END $$;

-- Makes a SECURITY DEFINER function a reviewed one: owned by tekup_definer, callable by the runtime only.
CREATE FUNCTION app.reviewed(target regprocedure) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format('ALTER FUNCTION %s OWNER TO tekup_definer', target);
  EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', target);
  EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO tekup_app', target);
END $$;

-- Every change of a row moves its version (the ETag) and its time.
CREATE FUNCTION app.touch() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.version := OLD.version + 1;
  NEW.updated_at := now();
  RETURN NEW;
END $$;

REVOKE ALL ON FUNCTION app.isolate(regclass), app.open_to_reviewed(regclass, text), app.reviewed(regprocedure) FROM PUBLIC;
