import type { Statement } from '../database/sql.ts'
import type { AnyOperation } from './operation.ts'

/**
 * Lets an outsider who holds a public key of the company call one operation, and with that key nothing else. The key is
 * no secret: it stands in a web page. It says which company, and which of its things (a form, say) is meant.
 */
export interface PublicKeyed {
  /**
   * One row of a reviewed function, or none where no such key is in use: `tenant`, the `id` and `name` of the thing, and
   * the web `origins` that may call from a browser; an empty list is any.
   */
  readonly find: (key: string) => Statement
  /** Field of the input that takes what a plain HTML form sends beside the fields that the input has. */
  readonly rest?: string
  /** Field of the output with the address that a plain HTML form is sent on to; null shows a word of thanks. */
  readonly thanks?: string
  /** Has it a page of the product's own at `/f/<key>`: what it answers is a `PublicForm`, sent by the operation named here. */
  readonly page?: { readonly sentBy: string }
}

/** The row that `find` answers. */
export interface KeyHolder {
  readonly tenant: string
  readonly id: string
  readonly name: string
  readonly origins: readonly string[]
}

/** Field of an input that the door fills with what it saw of the visitor; what a client sends under it is dropped. */
export const visitField = 'visit'

/** Throws at boot where an operation that outsiders may call could do more than they may, or has no thing to be about. */
export function checkPublicKey({ name, effect, input, publicKey }: AnyOperation): void {
  if (!publicKey) return
  if (effect !== 'read' && effect !== 'write')
    throw new Error(`Operation "${name}" may ${effect}, so no outsider calls it by a public key.`)
  if (!('id' in ((input as { shape?: object }).shape ?? {})))
    throw new Error(
      `Operation "${name}" has a public key, so its input must have the id of what the key is of.`,
    )
}
