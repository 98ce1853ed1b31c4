-- What every turn begins with and seldom changes is remembered until one of these changes.
SELECT platform.mark_changes(changing) FROM unnest(ARRAY['agents.agents', 'agents.models', 'agents.guidelines', 'agents.memories',
  'agents.phrases', 'agents.servers', 'agents.tools']::regclass[]) changing;
