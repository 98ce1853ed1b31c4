-- When a workspace was connected, the last time that it was: an end that Slack tells of late may be of a time before.
ALTER TABLE slack.workspaces ADD COLUMN connected_at timestamptz NOT NULL DEFAULT now();
