-- Words of names stay no longer than what they name: a word that no row of the company says any more is forgotten,
-- so that a person who was erased is not found as a correction.

-- Those of the words that some row still says. A word inside punctuation ("O'Brien") may be missed, which costs a
-- correction and nothing else.
CREATE FUNCTION crm.words_still_said(asked text[]) RETURNS SETOF text
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT word FROM unnest(asked) word, CAST(crm.whole(word) AS tsquery) said
  WHERE EXISTS (SELECT FROM crm.contacts t WHERE t.tenant_id = app.required_tenant() AND crm.words_of(t.tenant_id, t.search) @@ said)
    OR EXISTS (SELECT FROM crm.companies t WHERE t.tenant_id = app.required_tenant() AND crm.words_of(t.tenant_id, t.search) @@ said)
    OR EXISTS (SELECT FROM crm.deals t WHERE t.tenant_id = app.required_tenant() AND crm.words_of(t.tenant_id, t.search) @@ said)
    OR EXISTS (SELECT FROM crm.tasks t WHERE t.tenant_id = app.required_tenant() AND crm.words_of(t.tenant_id, t.search) @@ said)
    OR EXISTS (SELECT FROM crm.activities t WHERE t.tenant_id = app.required_tenant() AND crm.words_of(t.tenant_id, t.search) @@ said)
$$;
SELECT app.reviewed('crm.words_still_said(text[])');

-- Runs after a statement that took rows away or changed them, for the words that their names had and have no longer.
CREATE FUNCTION crm.forget_name_words() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  gone text[];
BEGIN
  -- Whoever takes a whole company away as the administrator takes its words with it.
  IF app.tenant() IS NULL THEN RETURN NULL; END IF;
  EXECUTE format(CASE TG_OP
    WHEN 'DELETE' THEN 'SELECT array_agg(DISTINCT word) FROM erased o, regexp_split_to_table(crm.fold(o.%1$I), ''[^a-z]+'') word'
    ELSE 'SELECT array_agg(DISTINCT word) FROM erased o JOIN written n ON n.id = o.id AND n.%1$I <> o.%1$I,
      regexp_split_to_table(crm.fold(o.%1$I), ''[^a-z]+'') word'
  END || ' WHERE length(word) BETWEEN 4 AND 40', TG_ARGV[0]) INTO gone;
  IF gone IS NULL THEN RETURN NULL; END IF;
  DELETE FROM crm.name_words w
    WHERE w.word = ANY (gone) AND NOT EXISTS (SELECT FROM crm.words_still_said(gone) said WHERE said = w.word);
  RETURN NULL;
END $$;

DO $$
DECLARE target text[];
BEGIN
  FOREACH target SLICE 1 IN ARRAY ARRAY[
    ['companies', 'name'], ['contacts', 'name'], ['deals', 'title'], ['tasks', 'title'], ['activities', 'subject']] LOOP
    EXECUTE format('CREATE TRIGGER forget_names AFTER DELETE ON crm.%I REFERENCING OLD TABLE AS erased
      FOR EACH STATEMENT EXECUTE FUNCTION crm.forget_name_words(%L)', target[1], target[2]);
    EXECUTE format('CREATE TRIGGER forget_former_names AFTER UPDATE ON crm.%I REFERENCING OLD TABLE AS erased
      NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION crm.forget_name_words(%L)', target[1], target[2]);
  END LOOP;
END $$;
