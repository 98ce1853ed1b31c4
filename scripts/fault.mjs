/** Something a person must put right first; the message says what, in one sentence. */
export class PrepareFault extends Error {}
