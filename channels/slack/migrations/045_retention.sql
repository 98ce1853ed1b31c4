-- How long words of Slack's are kept, and what goes with a conversation.

-- Lets go of what was said longer ago than its company keeps it, over all companies, at most so many messages at a time; answers
-- how many. A question that somebody is at work on stays until it is answered.
CREATE FUNCTION slack.sweep_messages(usual_days integer, most integer) RETURNS integer
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH companies AS (
    SELECT w.tenant_id, clock_timestamp() - make_interval(days => coalesce(s.days, usual_days)) AS since
    FROM (SELECT DISTINCT tenant_id FROM slack.workspaces) w
    LEFT JOIN LATERAL (
      SELECT (s.value #>> '{}')::integer AS days FROM platform.settings s
      WHERE s.tenant_id = w.tenant_id AND s.domain = 'slack' AND s.name = 'messagesKeptDays'
        AND jsonb_typeof(s.value) = 'number') s ON true),
  old AS MATERIALIZED (
    SELECT m.tenant_id, m.workspace_id, m.channel, m.ts
    FROM companies c CROSS JOIN LATERAL (
      SELECT m.tenant_id, m.workspace_id, m.channel, m.ts FROM slack.messages m
      WHERE m.tenant_id = c.tenant_id AND m.created_at < c.since
        AND (m.state <> 'asked' OR m.leased_until < clock_timestamp())
      ORDER BY m.created_at LIMIT most FOR UPDATE SKIP LOCKED) m
    LIMIT most),
  gone AS (
    DELETE FROM slack.messages m USING old o
    WHERE m.tenant_id = o.tenant_id AND m.workspace_id = o.workspace_id AND m.channel = o.channel AND m.ts = o.ts
    RETURNING 1)
  SELECT count(*)::integer FROM gone
$$;
SELECT app.reviewed('slack.sweep_messages(integer, integer)');

-- The same of events that were worked through a day ago: Slack sends nothing again after that.
DROP FUNCTION slack.sweep_inbox();
CREATE FUNCTION slack.sweep_inbox(most integer) RETURNS integer
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH old AS MATERIALIZED (
    SELECT i.tenant_id, i.id FROM slack.inbox i WHERE i.done_at < clock_timestamp() - interval '1 day'
    LIMIT most FOR UPDATE SKIP LOCKED),
  gone AS (
    DELETE FROM slack.inbox i USING old o WHERE i.tenant_id = o.tenant_id AND i.id = o.id RETURNING 1)
  SELECT count(*)::integer FROM gone
$$;
SELECT app.reviewed('slack.sweep_inbox(integer)');

-- A thread goes with its conversation, and so does what was said in it. Nothing refers the one to the other: the thread names the
-- conversation before its first message opens it.
CREATE FUNCTION slack.forget_threads() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  WITH threads AS (
    DELETE FROM slack.threads t USING gone g WHERE t.tenant_id = g.tenant_id AND t.conversation_id = g.id
    RETURNING t.tenant_id, t.workspace_id, t.channel, t.root)
  DELETE FROM slack.messages m USING threads t
  WHERE m.tenant_id = t.tenant_id AND m.workspace_id = t.workspace_id AND m.channel = t.channel AND m.root = t.root;
  RETURN NULL;
END $$;
CREATE TRIGGER forget_threads AFTER DELETE ON platform.conversations REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION slack.forget_threads();
