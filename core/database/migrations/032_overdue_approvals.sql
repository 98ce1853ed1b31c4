-- What nobody decided in time, across companies, for the timer: each is ended in its own company, where its event is stored.
-- platform.expire_approvals stays for processes of the version before, until they are gone.
CREATE FUNCTION platform.overdue_approvals(most integer) RETURNS TABLE (tenant_id uuid, ids uuid[])
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT a.tenant_id, array_agg(a.id) FROM (
    SELECT o.tenant_id, o.id FROM platform.approvals o
    WHERE o.status = 'pending' AND o.expires_at <= now() ORDER BY o.expires_at LIMIT most) a
  GROUP BY a.tenant_id
$$;
SELECT app.reviewed('platform.overdue_approvals(integer)');
