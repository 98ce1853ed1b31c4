/** The answer of one call: as JSON text for a wire, as a value for code; whichever was not made yet is made when asked. */
export class Outcome<Output = unknown> {
  #json: string | undefined
  #value: Output | undefined
  /** The thing's version, where it has one: the ETag. */
  readonly version: string | undefined
  /** True when an idempotency key was seen before and this is the stored answer. */
  readonly replayed: boolean

  private constructor(
    json: string | undefined,
    value: Output | undefined,
    version: string | undefined,
    replay: 'fresh' | 'replayed',
  ) {
    this.#json = json
    this.#value = value
    this.version = version
    this.replayed = replay === 'replayed'
  }

  static ofJson<Output>(json: string, version?: string | number | null): Outcome<Output> {
    return new Outcome<Output>(json, undefined, version == null ? undefined : String(version), 'fresh')
  }

  static ofValue<Output>(value: Output, replay: 'fresh' | 'replayed' = 'fresh'): Outcome<Output> {
    const version = (value as { version?: unknown } | null)?.version
    return new Outcome<Output>(
      undefined,
      value,
      typeof version === 'number' ? String(version) : undefined,
      replay,
    )
  }

  get json(): string {
    return (this.#json ??= JSON.stringify(this.#value ?? null))
  }

  get value(): Output {
    return (this.#value ??= JSON.parse(this.#json ?? 'null') as Output)
  }
}
