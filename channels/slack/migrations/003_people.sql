-- Which employee somebody in Slack is, and the links with which they say so.

CREATE TABLE slack.people (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  workspace_id uuid NOT NULL,
  -- U0123456789, or W… in an organisation.
  slack_user text NOT NULL,
  name text NOT NULL,
  email text,
  standing text NOT NULL CHECK (standing IN ('member', 'guest', 'bot', 'stranger')),
  -- Who they have said they are; who they may be by their email, until they say so themselves.
  employee_id uuid,
  proposed_id uuid,
  linked_at timestamptz,
  -- When Slack last said what they are.
  checked_at timestamptz NOT NULL,
  -- When they were last told how to begin, or why they cannot.
  greeted_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT person_once UNIQUE (tenant_id, workspace_id, slack_user),
  FOREIGN KEY (tenant_id, workspace_id) REFERENCES slack.workspaces (tenant_id, id) ON DELETE CASCADE,
  CHECK ((employee_id IS NULL) = (linked_at IS NULL)),
  CHECK (employee_id IS NULL OR standing = 'member')
);
SELECT app.isolate('slack.people');
CREATE INDEX people_by_name ON slack.people (tenant_id, name COLLATE "da-x-icu", id);
CREATE INDEX people_of_employee ON slack.people (tenant_id, employee_id) WHERE employee_id IS NOT NULL;
CREATE INDEX people_proposed ON slack.people (tenant_id, proposed_id) WHERE proposed_id IS NOT NULL;
CREATE TRIGGER touch BEFORE UPDATE OF name, email, standing, employee_id ON slack.people
  FOR EACH ROW EXECUTE FUNCTION app.touch();

CREATE TABLE slack.links (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  person_id uuid NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, person_id) REFERENCES slack.people (tenant_id, id) ON DELETE CASCADE
);
SELECT app.isolate('slack.links');
CREATE INDEX links_of_person ON slack.links (tenant_id, person_id);
