import { Counter, Gauge, type Registry } from 'prom-client'
import type { LiveObserver } from '../live/connection.ts'

/** Who follows live updates here, and how often they are told to read again. No tenant and no person is a label. */
export function createLiveMetrics(registry: Registry): LiveObserver {
  const registers = [registry]
  const connections = new Gauge({ name: 'tekup_live_connections', help: 'Readers of live updates at this process, by kind (socket or stream).', labelNames: ['kind'], registers }) // prettier-ignore
  const resets = new Counter({ name: 'tekup_live_resets_total', help: 'Readers told to read again because hints were dropped or missed, by reason (slow, missed or unknown).', labelNames: ['reason'], registers }) // prettier-ignore
  const refusals = new Counter({ name: 'tekup_live_refusals_total', help: 'Connections for live updates beyond a bound, by whose it is (person or tenant).', labelNames: ['bound'], registers }) // prettier-ignore
  for (const kind of ['socket', 'stream']) connections.set({ kind }, 0)
  for (const reason of ['slow', 'missed', 'unknown']) resets.inc({ reason }, 0)
  for (const bound of ['person', 'tenant']) refusals.inc({ bound }, 0)
  return {
    connected: (kind) => connections.inc({ kind }),
    ended: (kind) => connections.dec({ kind }),
    reset: (reason) => resets.inc({ reason }),
    refused: (bound) => refusals.inc({ bound }),
  }
}
