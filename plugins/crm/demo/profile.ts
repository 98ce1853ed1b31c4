/** What tells one demo company's customers from another's. */
export interface Profile {
  readonly seed: number
  /** Patterns of customers' names; `{name}` is a family name. */
  readonly customers: readonly string[]
  readonly titles: readonly string[]
  /** What is sold; `{company}` is the customer. */
  readonly deals: readonly string[]
  /** Øre: from and to. */
  readonly amounts: readonly [least: number, most: number]
  readonly calls: readonly string[]
  readonly meetings: readonly string[]
  readonly emails: readonly string[]
  readonly notes: readonly string[]
  readonly tasks: readonly string[]
  readonly tags: readonly string[]
  readonly lostReasons: readonly string[]
  /** Customers that everybody in the company knows, and that stories and tests begin with. */
  readonly known: readonly KnownCustomer[]
}

interface KnownCustomer {
  readonly name: string
  readonly contact: string
  readonly title: string
  readonly lastContactDaysAgo: number
  /** Its one deal, which is open. */
  readonly deal?: { readonly title: string; readonly stage: string; readonly amount: number }
}
