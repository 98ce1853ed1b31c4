-- A company that has switched Slack off: what waits to go out waits until it is on again, or is a day late.

CREATE OR REPLACE FUNCTION slack.left_in_outbox(most integer) RETURNS TABLE (tenant uuid, id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT o.tenant_id, o.id FROM slack.outbox o
  JOIN slack.workspaces w ON w.tenant_id = o.tenant_id AND w.id = o.workspace_id AND w.ended_at IS NULL
  WHERE o.state = 'due' AND o.lease_until < now()
    AND NOT EXISTS (SELECT FROM platform.domains_off d WHERE d.tenant_id = o.tenant_id AND d.domain = 'slack')
  ORDER BY o.lease_until, o.id LIMIT most
$$;

CREATE OR REPLACE FUNCTION slack.expiring_workspaces(seconds integer) RETURNS TABLE (tenant uuid, id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT w.tenant_id, w.id FROM slack.workspaces w
  WHERE w.ended_at IS NULL AND w.refresh_token IS NOT NULL AND w.token_expires_at < clock_timestamp() + make_interval(secs => seconds)
    AND NOT EXISTS (SELECT FROM platform.domains_off d WHERE d.tenant_id = w.tenant_id AND d.domain = 'slack')
$$;
