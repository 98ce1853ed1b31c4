import type { z } from 'zod'
import type { EventType } from '../events/event.ts'
import { platformDomain } from '../operations/domain.ts'
import type { Registry } from '../operations/registry.ts'
import type { AnyOperation } from '../operations/operation.ts'
import { fieldsOf, metaOf } from '../approvals/preview/schema.ts'
import { secretFields } from '../operations/secrets.ts'
import { wrongConditions } from './conditions.ts'
import type { Definition, Template } from './definition.ts'
import { fieldsIn } from './payload.ts'
import { problems, refuseDefinition, type Problem } from './problems.ts'
import { wrongInput } from './wrongInput.ts'

export interface Checked {
  readonly event: EventType
  readonly operation: AnyOperation
}

/** The newest version of an event of this name, or the one that is asked for. */
export const eventIn = ({ plugins }: Registry, name: string, version?: number): EventType | undefined =>
  plugins
    .flatMap(({ events = [] }) => events)
    .filter((event) => event.name === name && (version === undefined || event.version === version))
    .toSorted((one, other) => other.version - one.version)[0]

/** The event and operation of a definition that holds together; refuses any other with what is wrong. */
export function checked(
  registry: Registry,
  definition: Omit<Definition, 'eventVersion'> & { eventVersion?: number },
): Checked {
  const event = eventIn(registry, definition.event, definition.eventVersion)
  if (!event) refuseDefinition(problems.unknownEvent(definition.event))
  const operation = registry.find(definition.operation)
  if (!operation) refuseDefinition(problems.unknownOperation(definition.operation))
  const fields = fieldsIn(event)
  const problem =
    wrongOperation(operation, definition.input) ??
    wrongConditions(definition.conditions, fields) ??
    wrongInput(operation, definition.input, fields)
  if (problem) refuseDefinition(problem)
  return { event, operation }
}

/** What changes nothing, what is for people alone, and what takes a file or a secret is nothing for an automation. */
function wrongOperation(operation: AnyOperation, input: Template): Problem {
  if (operation.effect === 'read') return problems.onlyReads(operation.name)
  const isOwn = operation.domain === platformDomain && operation.resource === 'automations'
  const unkept = unkeptFields(operation)
  return operation.personOnly || isOwn || Object.keys(input).some((name) => unkept.has(name))
    ? problems.onlyPeople(operation.name)
    : undefined
}

const unkeptFields = ({ input }: AnyOperation): ReadonlySet<string> => {
  const files = fieldsOf(input as z.ZodType).filter(([, schema]) => metaOf(schema)['kind'] === 'file')
  return new Set([...secretFields(input as z.ZodType), ...files.map(([name]) => name)])
}
