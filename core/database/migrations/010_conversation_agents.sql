-- Which agent answers in a conversation; the company's default one where nobody chose.
ALTER TABLE platform.conversations ADD COLUMN agent_id uuid;
