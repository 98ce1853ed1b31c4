-- An app that is reached by a socket needs no signature: it has the one secret or the other.
ALTER TABLE slack.apps ALTER COLUMN signing_secret DROP NOT NULL;
ALTER TABLE slack.apps ADD CONSTRAINT app_is_heard CHECK (signing_secret IS NOT NULL OR app_token IS NOT NULL);
