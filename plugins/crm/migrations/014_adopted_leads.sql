-- Leads that the CRM has taken in: whoever of them is told of again is not called again.
CREATE TABLE crm.adopted_leads (
  tenant_id uuid NOT NULL,
  lead_id uuid NOT NULL,
  adopted_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, lead_id)
);
SELECT app.isolate('crm.adopted_leads');
