-- Whose app a delivery is addressed to. Several companies may name it, and the signature says which of them has it; those come first that
-- Slack itself has said it of, since it answered their client secret with that app when a workspace was connected. Of the others the latest
-- come first: whoever sets an app up at this moment. So nobody keeps a company unheard by naming its app first.
DROP FUNCTION slack.app_of(text);
CREATE FUNCTION slack.app_of(asked text) RETURNS TABLE (tenant uuid, id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT a.tenant_id, a.id FROM slack.apps a WHERE a.app_id = asked
  ORDER BY EXISTS (
      SELECT FROM slack.workspaces w WHERE w.tenant_id = a.tenant_id AND w.own_app_id = a.id AND w.app_id = a.app_id) DESC,
    a.created_at DESC, a.id DESC
  LIMIT 20
$$;
SELECT app.reviewed('slack.app_of(text)');
