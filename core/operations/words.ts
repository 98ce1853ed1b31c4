/** `domain.resource.verb` */
export type OperationKey = `${string}.${string}.${string}`

/** What a plugin is, for whoever switches it on or off. */
export interface AboutWords {
  /** Its name for people: "Kunder og salg". */
  readonly title: string
  /** One sentence about what it is for. */
  readonly summary: string
}

/** What a setting means. */
export interface SettingWords {
  readonly title: string
  /** What follows from it, where the title does not say. */
  readonly hint?: string
  /** For one of several texts: text → what people call it. */
  readonly values?: Readonly<Record<string, string>>
}

/** What an event is called, for whoever has something follow on it. */
export interface EventWords {
  /** "En aftale er flyttet". */
  readonly title: string
  /** Field of the payload → what people call it, where no column of the resource's list says so. */
  readonly fields?: Readonly<Record<string, string>>
  /** Field → value → the word for it. */
  readonly values?: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** What people read about one operation, in one language. Messages are ICU, filled from `{ ...input, ...output }`. */
export interface Words {
  /** Its name in menus: "Flyt en aftale". */
  readonly title: string
  /** What is about to happen: "Flytter {title} til {stageName}". */
  readonly doing: string
  /** What was done: "Flyttede {title} til {stageName}." For a list: the sentence above the table. */
  readonly done: string
  /** The sentence a person confirms before something that cannot be undone. Required where the effect is `destroy`. */
  readonly confirm?: string
  /** How people ask for it; `{field}` stands where an argument does. They train the offline model and search. */
  readonly phrases: readonly string[]
  /** For lists: field of the item → heading, in the order of the columns. */
  readonly columns?: Readonly<Record<string, string>>
  /** Field of the input → what people call it, where no column of the resource's list says so. */
  readonly fields?: Readonly<Record<string, string>>
  /**
   * For lists: field of the input → what it narrows the list to, said behind `done`: "i {city}". What an id names
   * stands in the rows: "hos {companyName}".
   */
  readonly filters?: Readonly<Record<string, string>>
  /** For lists: what to say when there is nothing. */
  readonly empty?: string
  /** Field → the one short question that asks for it. */
  readonly questions?: Readonly<Record<string, string>>
  /** Field → value → the words people use for it. */
  readonly values?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>
}
