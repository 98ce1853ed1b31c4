-- Signing in has no caller yet, so it does not pass `invoke`; its lines of the trail are written here.

CREATE FUNCTION platform.record_sign_in(line uuid, session uuid, request text, at timestamptz) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO platform.audit (tenant_id, id, at, actor_kind, actor_id, actor_name, person_id, operation, effect, outcome,
    surface, request_id, subject_id)
  SELECT s.current_tenant, line, at, 'person', p.id::text, p.name, p.id, 'platform.sessions.create', 'write', 'done',
    'rest', request, s.id::text
  FROM platform.sessions s JOIN platform.people p ON p.id = s.person_id WHERE s.id = session
$$;
SELECT app.reviewed('platform.record_sign_in(uuid, uuid, text, timestamptz)');

-- A refused attempt is seen by every company that has a member with the email, and by nobody else.
CREATE FUNCTION platform.record_refused_sign_in(line uuid, address text, refusal text, request text, at timestamptz)
  RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO platform.audit (tenant_id, id, at, actor_kind, actor_id, actor_name, person_id, operation, effect, outcome,
    code, surface, request_id)
  SELECT m.tenant_id, line, at, 'person', p.id::text, p.name, p.id, 'platform.sessions.create', 'write', 'refused',
    refusal, 'rest', request
  FROM platform.people p JOIN platform.memberships m ON m.person_id = p.id AND m.ended_at IS NULL
  WHERE p.email = address
$$;
SELECT app.reviewed('platform.record_refused_sign_in(uuid, text, text, text, timestamptz)');
