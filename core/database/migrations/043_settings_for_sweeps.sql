-- What a company chose may be asked for where all companies are gone through at once: how long it keeps things, say.
SELECT app.open_to_reviewed('platform.settings', 'SELECT');
