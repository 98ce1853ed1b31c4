/** A database that cannot be used as it is, with the sentence that says what to do. */
export class DatabaseFault extends Error {
  override name = 'DatabaseFault'
}
