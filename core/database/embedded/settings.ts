/**
 * For a laptop or one small machine: durable, quick to start, little memory. Each is said at every start, so a new
 * version of TekUp changes them for old data too.
 */
const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '64MB',
  effective_cache_size: '512MB',
  work_mem: '8MB',
  maintenance_work_mem: '32MB',
  // Reading goes through the page cache of one disk: helper processes would cost memory and win nothing.
  io_method: 'sync',
  max_parallel_workers_per_gather: '0',
  max_worker_processes: '2',
  max_logical_replication_workers: '0',
  autovacuum_max_workers: '1',
  autovacuum_worker_slots: '2',
  autovacuum_naptime: '20s',
  // Compiling a query costs more than our short queries take.
  jit: 'off',
  random_page_cost: '1.1',
  wal_level: 'minimal',
  max_wal_senders: '0',
  wal_compression: 'on',
  min_wal_size: '64MB',
  max_wal_size: '512MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '',
  log_checkpoints: 'off',
  // A failed statement can hold a password or a person's data, so it is never written to the log.
  log_min_error_statement: 'panic',
  log_parameter_max_length_on_error: '0',
} as const

/** What one start of the server is told beside the settings of every start. */
export interface Seat {
  readonly port: number
  /** Connections that it takes at most. */
  readonly connections: number
}

/** The settings as arguments of `postgres`. */
export function serverArguments(cluster: string, { port, connections }: Seat): string[] {
  const given = Object.entries({ ...settings, port: String(port), max_connections: String(connections) })
  return ['-D', cluster, ...given.flatMap(([name, value]) => ['-c', `${name}=${value}`])]
}
