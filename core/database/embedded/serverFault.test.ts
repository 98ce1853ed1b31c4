import { expect, test } from 'vitest'
import { serverFault } from './serverFault.ts'

const folder = {
  directory: '.data',
  root: '/d/postgresql',
  data: '/d/postgresql/data',
  password: '',
  user: undefined,
}

test.each([
  ['disk_full', 'PANIC:  could not write to file "pg_wal/xlogtemp.9": No space left on device'],
  ['disk_full', 'initdb: error: could not create directory "/proc/self/cwd/base": Disk quota exceeded'],
  [
    'data_directory_not_writable',
    'FATAL:  could not create lock file "postmaster.pid": Read-only file system',
  ],
  [
    'data_directory_in_use',
    'FATAL:  lock file "postmaster.pid" already exists\nHINT:  Is another postmaster (PID 42) running?',
  ],
  [
    'data_directory_damaged',
    'LOG:  invalid checkpoint record\nPANIC:  could not locate a valid checkpoint record at 0/1C0CE50',
  ],
  ['server_failed', 'FATAL:  could not create shared memory segment: Cannot allocate memory'],
  ['server_failed', ''],
])('%s is read from what PostgreSQL says: %s', (code, said) => {
  const fault = serverFault(folder, said)
  expect(fault.code).toBe(code)
  expect(fault.message).toMatch(/^[^\n]+: [^\n]+\.$/)
})

test('the sentence names the real folder and gives the reason without PostgreSQL’s own markings', () => {
  const said =
    'postgres: could not find the database system\nExpected to find it in the directory "/proc/self/cwd",'
  expect(serverFault(folder, said).message).toContain('(could not find the database system)')
  expect(serverFault(folder, 'FATAL:  cannot use "/proc/self/cwd/x"').message).toContain(
    '(cannot use "/d/postgresql/data/x")',
  )
})
