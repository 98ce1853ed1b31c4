-- A form may have a page of the product's own, which speaks one language and says something before and after.
ALTER TABLE leads.forms
  ADD COLUMN language text NOT NULL DEFAULT 'da' CHECK (language IN ('da', 'en')),
  ADD COLUMN intro text,
  ADD COLUMN thanks_text text;
