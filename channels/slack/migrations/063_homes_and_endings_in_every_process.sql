-- When a Home was last shown anew: of the processes that hear of a change one shows it.
ALTER TABLE slack.homes ADD COLUMN shown_at timestamptz;

-- Workspaces that have ended within so many seconds, for a process that could not hear of it.
CREATE FUNCTION slack.ended_workspaces(seconds integer) RETURNS TABLE (tenant uuid, id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT w.tenant_id, w.id FROM slack.workspaces w WHERE w.ended_at > clock_timestamp() - make_interval(secs => seconds)
$$;
SELECT app.reviewed('slack.ended_workspaces(integer)');
