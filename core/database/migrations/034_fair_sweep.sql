-- What a process looks through for hints that nobody told: of each company the latest, so that one's flood hides nothing of
-- another's. Twenty of each at least, however many companies there are.
CREATE OR REPLACE FUNCTION platform.recent_events(tenants uuid[], since uuid, most integer)
  RETURNS TABLE (tenant uuid, id uuid, type text, subject text, person uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT e.tenant_id, e.id, e.type, e.subject, e.person_id
  FROM unnest(tenants) AS t(id) CROSS JOIN LATERAL (
    SELECT o.tenant_id, o.id, o.type, o.subject, o.person_id, o.xid FROM platform.outbox o
    WHERE o.tenant_id = t.id AND o.id >= since
    ORDER BY o.id DESC LIMIT greatest(most / cardinality(tenants), 20)) e
  ORDER BY e.xid, e.id
$$;
