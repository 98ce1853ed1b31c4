-- When somebody was last talked with is told of a contact or company by what was logged; it is no change of theirs.
-- So it moves neither the version nor the time of change: an edit that is open meanwhile is not refused.
DO $$
DECLARE
  target regclass;
  changing text;
BEGIN
  FOREACH target IN ARRAY ARRAY['crm.contacts', 'crm.companies']::regclass[] LOOP
    SELECT string_agg(format('%I', attname), ', ' ORDER BY attnum) INTO changing FROM pg_attribute
      WHERE attrelid = target AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attname <> 'last_contact_at';
    EXECUTE format('DROP TRIGGER touch ON %s', target);
    EXECUTE format('CREATE TRIGGER touch BEFORE UPDATE OF %s ON %s FOR EACH ROW EXECUTE FUNCTION app.touch()', changing, target);
  END LOOP;
END $$;
