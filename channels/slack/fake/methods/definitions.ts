import { readFileSync } from 'node:fs'
import { additions, corrections } from './corrections.ts'

/** What Slack's own documentation says of a method. */
export interface MethodDefinition {
  readonly tier: string
  readonly scopes: { readonly bot?: readonly string[]; readonly user?: readonly string[] }
  /** Takes a JSON body; else only a form. */
  readonly json: boolean
  readonly required: readonly string[]
  readonly args: Readonly<Record<string, ArgumentDefinition>>
  readonly errors: readonly string[]
}

export interface ArgumentDefinition {
  readonly type?: string
  readonly enum?: readonly string[]
  readonly items?: { readonly type?: string; readonly minLength?: number; readonly maxLength?: number }
  readonly minItems?: number
  readonly maxItems?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly maxLength?: number
}

const documented = JSON.parse(
  readFileSync(new URL('../data/methods.json', import.meta.url), 'utf8'),
) as Record<string, MethodDefinition>

/** Every method that the fake answers: as documented, with what is known to be otherwise. */
export const definitions: ReadonlyMap<string, MethodDefinition> = new Map(
  Object.entries({ ...documented, ...additions }).map(([name, method]) => [
    name,
    correct(method, corrections[name]),
  ]),
)

function correct(method: MethodDefinition, correction: Partial<MethodDefinition> = {}): MethodDefinition {
  const args = { ...method.args }
  for (const [name, argument] of Object.entries(correction.args ?? {}))
    args[name] = { ...args[name], ...argument }
  return { ...method, ...correction, args }
}
