-- A word of a question is cut where no word can be longer: a letter may fold to four, and a text-search query holds no
-- word of more than 2,046 bytes. The cut word still finds what begins with it.
CREATE OR REPLACE FUNCTION crm.asked_words(q text) RETURNS text[]
  LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
  RETURN CASE
    WHEN q ~ '^\+?[0-9 ().-]{6,}$' THEN ARRAY[regexp_replace(q, '^(\+|00)|[^0-9]', '', 'g')]
    ELSE ARRAY(
      SELECT left(word, 250)
      FROM regexp_split_to_table(translate(crm.fold_plain(q), '-@,;"', '     '), ' +') WITH ORDINALITY w(word, place)
      WHERE word ~ '[^!-/:-@[-`{-~]' ORDER BY place LIMIT 8)
  END;
