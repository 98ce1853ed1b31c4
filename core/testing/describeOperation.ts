import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { afterAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { sinksOf } from '../approvals/sinks.ts'
import type { Core } from '../core.ts'
import { locales } from '../language.ts'
import type { Caller } from '../operations/caller.ts'
import type { IncomingFile } from '../operations/file.ts'
import type { AnyOperation } from '../operations/operation.ts'
import { schemaOf } from '../operations/jsonSchema.ts'
import { withoutSecrets } from '../operations/secrets.ts'
import { expectWords } from './expectWords.ts'
import { fingerprint } from './fingerprint.ts'
import { sampleInput, type FindId, type SampleChoice } from './sample.ts'
import type { Answer, SurfaceDriver } from './surfaceDriver.ts'

/** One of the two tenants that every operation is tried in: who acts there, and what it has. */
export interface TenantSide {
  readonly caller: Caller
  readonly findId: FindId
}

export interface OperationWorld {
  readonly core: Core
  readonly drivers: readonly SurfaceDriver[]
  readonly ours: TenantSide
  readonly theirs: TenantSide
  readonly admin: pg.Client
}

/**
 * Runs one operation through every way in, from its definition alone: what it answers, what it refuses, what it
 * leaves alone. `world` is asked for when the tests run, so that the list of operations can be known before.
 */
export function describeOperation(operation: AnyOperation, world: () => OperationWorld): void {
  const offered = () => world().drivers.filter((driver) => driver.offers(operation))
  const inputOf = (side: TenantSide, fields: SampleChoice['fields']) =>
    sampleInput(operation, { findId: side.findId, fields })

  /** Calls with a sample input by every way in, and says of which way the expectation is. */
  const callEach = async (change: Partial<Caller>, check: (answer: Answer, surface: string) => void) => {
    const { ours } = world()
    for (const driver of offered()) {
      const answer = await driver.call(operation, await inputOf(ours, 'required'), {
        ...ours.caller,
        ...change,
      })
      check(answer, driver.name)
    }
  }

  describe(operation.name, () => {
    // A company has only so many questions waiting, and a product may have more operations than that.
    afterAll(() => answerQuestions(world()))

    test('speaks both languages, with placeholders that its input or output fills', () => {
      for (const locale of locales) expectWords(operation, world().core, locale)
    })

    test('takes an input made from its own schema, by every way in', async () => {
      const { ours } = world()
      for (const driver of offered()) {
        for (const fields of ['required', 'all'] as const) {
          expectSensible(
            operation,
            await driver.call(operation, await inputOf(ours, fields), ours.caller),
            driver.name,
          )
        }
      }
    })

    test('refuses wrong input by every way in, and says what is wrong', async () => {
      const { ours } = world()
      for (const driver of offered()) {
        for (const wrong of wrongInputs(await inputOf(ours, 'required'))) {
          const answer = await driver.call(operation, wrong, ours.caller)
          expect(answer, `${driver.name}: ${JSON.stringify(wrong)}`).toMatchObject({
            code: expect.stringMatching(
              /^(invalid_input|not_found|method_not_allowed|unsupported_media_type)$/,
            ),
            message: expect.stringMatching(/\S/),
          })
        }
      }
    })

    test('refuses an actor without the permission, by every way in', () =>
      callEach({ permissions: new Set() }, (answer, surface) =>
        expect(answer, surface).toMatchObject({ code: 'forbidden' }),
      ))

    if (operation.domain !== 'platform') {
      test('is unknown to a tenant that has switched its domain off', () =>
        callEach({ domains: new Set() }, (answer, surface) =>
          expect(answer, surface).toMatchObject({ code: 'not_found' }),
        ))
    }

    if (takesIds(operation)) {
      test('answers another tenant’s ids exactly as ids that do not exist', async () => {
        const { ours, theirs } = world()
        const borrowed = await inputOf(theirs, 'all')
        const imagined = withOtherIds(borrowed)
        for (const driver of offered()) {
          const answers = [
            await driver.call(operation, borrowed, ours.caller),
            await driver.call(operation, imagined, ours.caller),
          ]
          expect(comparable(answers[0]!), driver.name).toEqual(comparable(answers[1]!))
        }
      })
    }

    if (operation.effect === 'read') {
      test('changes nothing', async () => {
        const { ours, admin } = world()
        const before = await fingerprint(admin)
        for (const driver of offered()) await driver.call(operation, await inputOf(ours, 'all'), ours.caller)
        expect(await fingerprint(admin)).toEqual(before)
      })
    }

    if (operation.effect !== 'read') {
      test('does the work of one idempotency key once', async () => {
        const { ours, drivers } = world()
        const input = await inputOf(ours, 'required')
        const keyed = { ...ours.caller, idempotencyKey: randomUUID() }
        const caller = await confirming(drivers[0]!, operation, input, keyed)
        const first = await drivers[0]!.call(operation, input, caller)
        const second = await drivers[0]!.call(operation, input, caller)
        if ('output' in first)
          expect(second).toEqual({ output: withoutSecrets(operation.output as z.ZodType, first.output) })
        else expect('code' in second).toBe(true)
      })
    }

    if (operation.effect === 'destroy') {
      test('is confirmed by a person first, in words', () =>
        callEach({}, (answer, surface) =>
          expect(answer, surface).toMatchObject({
            code: expect.stringMatching(/^((confirmation|approval)_required|not_found)$/),
            message: expect.stringMatching(/\S/),
          }),
        ))
    }

    test('asks a person before an agent sends, destroys, or writes on outsiders’ words', async () => {
      const { ours, drivers } = world()
      const actor = {
        kind: 'agent',
        id: 'assistant',
        name: 'Assistant',
        personId: ours.caller.actor.id,
      } as const
      const caller = { ...ours.caller, actor, untrusted: true }
      const input = await inputOf(ours, 'required')
      const answer = await drivers[0]!.call(operation, input, caller)
      expect('code' in answer ? answer.code : 'answered').toMatch(expectedOfAgent(operation, input))
      if ('code' in answer && answer.code === 'approval_required')
        await expectWholeCard(operation, input, answer, world())
    })

    if (operation.effect === 'send') {
      test('marks the fields that say where something goes', () => {
        expect([...sinksOf(operation).keys()]).not.toEqual([])
      })
    }
  })
}

/** Says no to whatever was asked meanwhile. */
async function answerQuestions({ core, ours }: OperationWorld): Promise<void> {
  const call = async (name: string, input: object): Promise<unknown> =>
    (await core.invoke(core.registry.find(name)!, input, ours.caller)).value
  const waiting = await call('platform.approvals.list', { status: 'pending', limit: 200 })
  for (const { id } of (waiting as { items: { id: string }[] }).items)
    await call('platform.approvals.reject', { id })
}

/** What an agent that has read an outsider's words gets: an answer to what only reads, else no more than a question. */
function expectedOfAgent(operation: AnyOperation, input: Record<string, unknown>): RegExp {
  if (operation.effect === 'read') return /^(?!approval_required$)/
  const kept = withoutSecrets(operation.input as z.ZodType, input) as object
  const isForPeople = operation.personOnly || Object.keys(kept).length < Object.keys(input).length
  const file = Object.values(input).some(
    (value) => typeof (value as IncomingFile | null)?.stream === 'function',
  )
  return isForPeople || file ? /^person_required$/ : /^approval_required$/
}

/** The card that a person sees says all that would run, and where something goes in full. */
async function expectWholeCard(
  operation: AnyOperation,
  input: Record<string, unknown>,
  answer: Extract<Answer, { code: string }>,
  { core, ours }: OperationWorld,
): Promise<void> {
  const { id } = (answer.details as { approval: { id: string } }).approval
  const card = (await core.invoke(core.registry.find('platform.approvals.get')!, { id }, ours.caller))
    .value as Card
  expect(card).toMatchObject({ operation: operation.name, status: 'pending', untrusted: true })
  expect(card.fields.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(input)))
  for (const name of sinksOf(operation).keys()) {
    const shown = card.fields.find((field) => field.name === name)
    // An id is shown as the name of what it stands for.
    if (typeof input[name] === 'string' && !z.uuid().safeParse(input[name]).success)
      expect(shown?.value).toContain(input[name])
  }
}

interface Card {
  readonly fields: readonly { readonly name: string; readonly value: string }[]
}

/** An answer in the operation's own shape, or a refusal that a person can act on; never our own fault. */
function expectSensible(operation: AnyOperation, answer: Answer, surface: string): void {
  if ('code' in answer) {
    expect(answer.code, `${surface}: ${answer.message}`).not.toMatch(
      /^(internal|invalid_input|forbidden|timeout)$/,
    )
    return
  }
  const output = operation.output as z.ZodType
  if (output.meta()?.['kind'] === 'file') return
  const issues = output.safeParse(answer.output).error?.issues ?? []
  expect(issues, `${surface}: ${JSON.stringify(answer.output).slice(0, 300)}`).toEqual([])
}

function wrongInputs(good: Record<string, unknown>): unknown[] {
  const names = Object.keys(good)
  const wrongTypes = names.map((name) => ({ ...good, [name]: { not: ['this'] } }))
  const missing = names.map((name) =>
    Object.fromEntries(Object.entries(good).filter(([key]) => key !== name)),
  )
  return [...wrongTypes, ...missing, { ...good, noSuchField: true }, { ...good, noSuchField: 'a\0b' }]
}

/** The caller with what confirms the call, where it takes that: a repeat is sent just as the call was. */
async function confirming(
  driver: SurfaceDriver,
  operation: AnyOperation,
  input: unknown,
  caller: Caller,
): Promise<Caller> {
  if (operation.effect !== 'destroy') return caller
  const answer = await driver.call(operation, input, caller)
  const confirmation = 'details' in answer ? answer.details?.['confirm'] : undefined
  return typeof confirmation === 'string' ? { ...caller, confirmation } : caller
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

/** The same input with every id in it replaced by one that nobody has. */
const withOtherIds = (input: unknown): unknown =>
  JSON.parse(JSON.stringify(input).replace(uuid, () => randomUUID())) as unknown

/** What two answers are compared by: not the ids in them, nor what is made anew each time. */
function comparable(answer: Answer): unknown {
  return 'output' in answer
    ? 'answered'
    : { code: answer.code, message: answer.message.replace(uuid, 'an id') }
}

const takesIds = ({ input }: AnyOperation): boolean =>
  JSON.stringify(schemaOf(input as z.ZodType, 'input')).includes('"refers"')
