-- The calls of a reply that is over, with all that they answered, are most of what a turn writes. They are only ever read whole: packed
-- (`conversations/keptCalls.ts`) they are a third. What waits for somebody stays legible, as `platform.settled_calls` tells how it ends.
ALTER TABLE platform.messages ADD COLUMN packed_calls bytea;
ALTER TABLE platform.messages ALTER COLUMN packed_calls SET STORAGE EXTERNAL;

-- What a shared conversation tells of its calls is chosen where they are unpacked.
DROP FUNCTION platform.shown_calls(jsonb);
