import type pg from 'pg'

/** "TekU" */
const lockId = 0x54_65_6b_55

/**
 * Any number of processes may start at once: one prepares the database, or the queue in it, until its connection ends,
 * and the others wait. Two that change a role or the rights to a database at once would break each other off.
 */
export async function takePreparationLock(admin: pg.Client): Promise<void> {
  await admin.query('SELECT pg_advisory_lock($1)', [lockId])
}
