-- Search that forgives spelling. Every word asked for must begin a word of the row (full-text index); a word that
-- leads nowhere is tried again as the names of this company that are one slip away from it.

-- å and aa, ø and oe, æ and ae are one to whoever cannot spell a name.
CREATE FUNCTION crm.squash(word text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
  RETURN replace(replace(replace(word, 'aa', 'a'), 'oe', 'o'), 'ae', 'a');

-- The word and what is left of it when any one letter is taken out. Two words that are one slip apart (a letter
-- too many, too few, wrong, or two swapped) share one of these (symmetric delete spelling correction, W. Garbe 2012).
CREATE FUNCTION crm.near(word text) RETURNS SETOF text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
  BEGIN ATOMIC
    SELECT form FROM unnest(ARRAY[word, crm.squash(word)]) form
    UNION
    SELECT overlay(form PLACING '' FROM n FOR 1)
    FROM unnest(ARRAY[word, crm.squash(word)]) form, generate_series(1, length(form)) n;
  END;

-- The words of names that a company has, by everything near them.
CREATE TABLE crm.name_words (
  tenant_id uuid NOT NULL,
  near text NOT NULL,
  word text NOT NULL,
  PRIMARY KEY (tenant_id, near, word)
);
SELECT app.isolate('crm.name_words');
CREATE INDEX name_words_by_word ON crm.name_words (tenant_id, word);

-- Keeps the words up to date with what one statement wrote, however many rows it was.
CREATE FUNCTION crm.learn_name_words() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format($words$
    INSERT INTO crm.name_words (tenant_id, near, word)
    SELECT DISTINCT fresh.tenant_id, near, fresh.word
    FROM (
      SELECT DISTINCT w.tenant_id, regexp_split_to_table(crm.fold(w.%1$I), '[^a-z]+') AS word FROM written w
    ) fresh, crm.near(fresh.word) near
    WHERE length(fresh.word) BETWEEN 4 AND 40 AND NOT EXISTS (
      SELECT FROM crm.name_words known WHERE known.tenant_id = fresh.tenant_id AND known.word = fresh.word)
    ORDER BY 1, 2, 3
    ON CONFLICT DO NOTHING $words$, TG_ARGV[0]);
  RETURN NULL;
END $$;

DO $$
DECLARE target text[];
BEGIN
  FOREACH target SLICE 1 IN ARRAY ARRAY[
    ['companies', 'name'], ['contacts', 'name'], ['deals', 'title'], ['tasks', 'title'], ['activities', 'subject']] LOOP
    PERFORM app.open_to_reviewed(format('crm.%I', target[1])::regclass, 'SELECT');
    EXECUTE format('CREATE TRIGGER learn_new_names AFTER INSERT ON crm.%I REFERENCING NEW TABLE AS written
      FOR EACH STATEMENT EXECUTE FUNCTION crm.learn_name_words(%L)', target[1], target[2]);
    EXECUTE format('CREATE TRIGGER learn_changed_names AFTER UPDATE ON crm.%I REFERENCING NEW TABLE AS written
      FOR EACH STATEMENT EXECUTE FUNCTION crm.learn_name_words(%L)', target[1], target[2]);
  END LOOP;
  PERFORM app.open_to_reviewed('crm.name_words', 'SELECT');
END $$;

-- The words of a question: folded and cut as rows are; nothing but punctuation is no word. A phone number is one
-- word, however it is grouped.
CREATE FUNCTION crm.asked_words(q text) RETURNS text[]
  LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
  RETURN CASE
    WHEN q ~ '^\+?[0-9 ().-]{6,}$' THEN ARRAY[regexp_replace(q, '^(\+|00)|[^0-9]', '', 'g')]
    ELSE ARRAY(
      SELECT word FROM regexp_split_to_table(translate(crm.fold_plain(q), '-@,;"', '     '), ' +') WITH ORDINALITY w(word, place)
      WHERE word ~ '[^!-/:-@[-`{-~]' ORDER BY place LIMIT 8)
  END;

-- The names one slip away, the likest first. A name stands among the words in both spellings (soerensen, sorensen),
-- and in its rows too, so one of them finds them all.
CREATE FUNCTION crm.corrections(asked text) RETURNS SETOF text
  LANGUAGE sql STABLE PARALLEL SAFE STRICT
  BEGIN ATOMIC
    SELECT min(word) FROM crm.name_words
    WHERE tenant_id = app.tenant() AND near IN (SELECT n FROM crm.near(asked) n) AND length(asked) BETWEEN 4 AND 40
      AND word <> asked
    GROUP BY crm.squash(word) ORDER BY max(public.similarity(word, asked)) DESC, 1 LIMIT 3;
  END;

CREATE FUNCTION crm.is_name_word(asked text) RETURNS boolean
  LANGUAGE sql STABLE PARALLEL SAFE STRICT
  RETURN EXISTS (SELECT FROM crm.name_words WHERE tenant_id = app.tenant() AND word = asked);

-- "This word of this tenant" or "a word of this tenant that begins so", as a text-search query takes it.
CREATE FUNCTION crm.whole(word text) RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE STRICT
  RETURN '''' || crm.mark_of(app.required_tenant()) || replace(replace(word, '\', '\\'), '''', '''''') || '''';

CREATE FUNCTION crm.beginning(word text) RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE STRICT
  RETURN crm.whole(word) || ':*';

-- The question with each word as it is or as Danish spelling would write it out (å as aa), and nothing after it.
CREATE FUNCTION crm.whole_query(q text) RETURNS tsquery
  LANGUAGE sql STABLE STRICT PARALLEL SAFE
  BEGIN ATOMIC
    SELECT string_agg('(' || concat_ws(' | ', crm.whole(plain), crm.whole(nullif(spelled, plain))) || ')', ' & ')::tsquery
    FROM unnest(crm.asked_words(q), crm.asked_words(crm.fold_expanded(q))) asked(plain, spelled)
    WHERE plain IS NOT NULL;
  END;

-- What is looked for with each word of the question: the word as it is, as Danish spelling would write it out (å as
-- aa), or as one of its corrections: in mode `corrected` for words that nobody is called, in mode `loose` for all. A
-- word that another one begins with asks for nothing more.
CREATE FUNCTION crm.asked_ways(q text, mode text) RETURNS text[]
  LANGUAGE sql STABLE STRICT PARALLEL SAFE
  BEGIN ATOMIC
    WITH asked AS (
      SELECT plain, spelled, length(plain) AS size, place
      FROM unnest(crm.asked_words(q), crm.asked_words(crm.fold_expanded(q))) WITH ORDINALITY a(plain, spelled, place)
      WHERE plain IS NOT NULL
    )
    SELECT array_agg('(' || (SELECT string_agg(DISTINCT crm.beginning(way), ' | ') FROM unnest(
        ARRAY[plain, spelled] || CASE WHEN mode = 'loose' OR mode = 'corrected' AND NOT crm.is_name_word(plain)
          THEN ARRAY(SELECT word FROM crm.corrections(plain) word) END) way) || ')' ORDER BY place)
    FROM asked WHERE NOT EXISTS (
      SELECT FROM asked longer WHERE (longer.size, longer.place) > (asked.size, asked.place)
        AND starts_with(longer.plain, asked.plain) AND starts_with(longer.spelled, asked.spelled));
  END;

-- How well a row fits: the whole name, then the beginning of it, then its words somewhere; shorter names first.
CREATE FUNCTION crm.fitness(row_text text, phrase text, name text) RETURNS integer
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN CASE
    WHEN strpos(row_text, ' ' || phrase || ' ') > 0 THEN 3000
    WHEN strpos(row_text, ' ' || phrase) > 0 THEN 2000
    ELSE 1000
  END - least(length(name), 900);

-- The column of a table that its rows are called by.
CREATE FUNCTION crm.title_of(target text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
  RETURN CASE target WHEN 'deals' THEN 'title' WHEN 'tasks' THEN 'title' WHEN 'activities' THEN 'subject' ELSE 'name' END;

-- Rows of one table whose own words answer the query, but for those that are known already.
CREATE FUNCTION crm.search_own(target text, q text, wanted tsquery, most integer, known uuid[])
  RETURNS TABLE (id uuid, rank integer)
  LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  RETURN QUERY EXECUTE format($own$
    SELECT f.id, crm.fitness(f.search, $1, f.name) AS rank FROM (
      SELECT t.id, t.search, t.%I AS name FROM crm.%I t
      WHERE t.tenant_id = $2 AND crm.words_of(t.tenant_id, t.search) @@ $3 AND t.id <> ALL ($5) LIMIT $4) f
    ORDER BY 2 DESC, 1 $own$, crm.title_of(target), target)
    USING array_to_string(crm.asked_words(q), ' '), app.required_tenant(), wanted, most, known;
END $$;

-- Rows of one table that hold every word in one of its ways, then those whose company holds the words that they lack.
-- Few questions name a company: whether this one does is asked first, with a plan that is made once.
CREATE FUNCTION crm.search_in(target text, q text, ways text[], most integer, known uuid[])
  RETURNS TABLE (id uuid, rank integer)
  LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
  every_word tsquery := array_to_string(ways, ' & ')::tsquery;
  some_word tsquery := array_to_string(ways, ' | ')::tsquery;
  found_own integer;
  employers uuid[];
BEGIN
  RETURN QUERY SELECT * FROM crm.search_own(target, q, every_word, most, known);
  GET DIAGNOSTICS found_own = ROW_COUNT;
  IF target = 'companies' OR found_own = most THEN RETURN; END IF;
  employers := ARRAY(SELECT c.id FROM crm.companies c
    WHERE c.tenant_id = app.required_tenant() AND crm.words_of(c.tenant_id, c.search) @@ some_word LIMIT 50);
  IF cardinality(employers) = 0 THEN RETURN; END IF;
  RETURN QUERY EXECUTE format($company$
    SELECT t.id, 900 - least(length(t.%I), 800) AS rank
    FROM crm.companies c JOIN crm.%I t ON t.tenant_id = $1 AND t.company_id = c.id
    WHERE c.tenant_id = $1 AND c.id = ANY ($2)
      AND crm.words_of($1, t.search || c.search) @@ $3 AND NOT crm.words_of($1, t.search) @@ $3
    LIMIT $4 $company$, crm.title_of(target), target)
    USING app.required_tenant(), employers, every_word, most - found_own;
END $$;

-- What lists call: crm.search_contacts(q, most) and the same for the others. Whole words come first, so that somebody
-- whose name was typed out is found among thousands whose names begin alike; corrections only where nothing is found.
DO $$
DECLARE target text;
BEGIN
  FOREACH target IN ARRAY ARRAY['contacts', 'companies', 'deals', 'tasks', 'activities'] LOOP
    EXECUTE format($search$
      CREATE FUNCTION crm.%1$I(q text, most integer) RETURNS TABLE (id uuid, rank integer)
        LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
      DECLARE
        ids uuid[];
        ranks integer[];
        exact text[];
        corrected text[];
        loose text[];
      BEGIN
        SELECT coalesce(array_agg(own.id), '{}'), array_agg(own.rank) INTO ids, ranks
          FROM crm.search_own(%2$L, q, crm.whole_query(q), most, '{}') own;
        RETURN QUERY SELECT * FROM unnest(ids, ranks);
        IF cardinality(ids) = most THEN RETURN; END IF;
        exact := crm.asked_ways(q, 'exact');
        IF exact IS NULL THEN RETURN; END IF;
        RETURN QUERY SELECT * FROM crm.search_in(%2$L, q, exact, most - cardinality(ids), ids);
        IF FOUND OR cardinality(ids) > 0 THEN RETURN; END IF;
        corrected := crm.asked_ways(q, 'corrected');
        IF corrected <> exact THEN
          RETURN QUERY SELECT * FROM crm.search_in(%2$L, q, corrected, most, '{}');
          IF FOUND THEN RETURN; END IF;
        END IF;
        loose := crm.asked_ways(q, 'loose');
        IF loose <> corrected THEN RETURN QUERY SELECT * FROM crm.search_in(%2$L, q, loose, most, '{}'); END IF;
      END $body$ $search$, 'search_' || target, target);
    PERFORM app.reviewed(format('crm.%I(text, integer)', 'search_' || target)::regprocedure);
  END LOOP;
END $$;

-- Contacts that have one of these email addresses. An import asks for thousands at a time, and while a table grows
-- its statistics do not tell how large it is: so nothing but the index of addresses is left to choose (IS TRUE hides
-- the tenant from the other indexes, and few companies share an address).
CREATE FUNCTION crm.contacts_with_addresses(wanted text[]) RETURNS TABLE (id uuid, addresses text[])
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
  SELECT DISTINCT ON (c.id) c.id, c.addresses FROM unnest(wanted) one
  JOIN crm.contacts c ON c.addresses @> ARRAY[one] AND (c.tenant_id = app.required_tenant()) IS TRUE
$$;
SELECT app.reviewed('crm.contacts_with_addresses(text[])');
