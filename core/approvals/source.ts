import type { EventSource } from '../events/outbox.ts'
import type { Row } from './record.ts'

/** Where an approval comes from that ends without anybody's call: the agent that asked. */
export const sourceOf = (row: Row): EventSource => ({
  tenant: { id: row.tenant_id, name: '' },
  actor: { kind: 'agent', id: row.agent_id, name: row.agent_name, personId: row.person_id },
  origin: { surface: 'job', requestId: `approval-${row.id}` },
})
