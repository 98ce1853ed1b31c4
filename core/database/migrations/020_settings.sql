-- What a company has chosen of its plugins, where it is not what is usual. The schema stands with the plugin; a value that
-- does not fit it any more is passed over.
CREATE TABLE platform.settings (
  tenant_id uuid NOT NULL REFERENCES platform.tenants (tenant_id),
  domain text NOT NULL,
  name text NOT NULL,
  value jsonb NOT NULL,
  version integer NOT NULL DEFAULT 1,
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, domain, name)
);
SELECT app.isolate('platform.settings');
CREATE TRIGGER touch BEFORE UPDATE ON platform.settings FOR EACH ROW EXECUTE FUNCTION app.touch();
CREATE TRIGGER tell_access AFTER INSERT OR UPDATE OR DELETE ON platform.settings
  FOR EACH ROW EXECUTE FUNCTION platform.tell_access('tenant_id');
