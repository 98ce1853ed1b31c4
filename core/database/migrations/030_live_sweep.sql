-- What happened lately at companies whose readers are here, for a process that looks for what nobody told it.
CREATE FUNCTION platform.recent_events(tenants uuid[], since uuid, most integer)
  RETURNS TABLE (tenant uuid, id uuid, type text, subject text, person uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT o.tenant_id, o.id, o.type, o.subject, o.person_id
  FROM unnest(tenants) AS t(id) JOIN platform.outbox o ON o.tenant_id = t.id AND o.id >= since
  ORDER BY o.xid, o.id LIMIT most
$$;
SELECT app.reviewed('platform.recent_events(uuid[], uuid, integer)');
