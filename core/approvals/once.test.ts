import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { mailBook } from '../testing/shelf/shelf.ts'
import { openWorld, type ApprovalWorld } from './testWorld.ts'

let world: ApprovalWorld
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

/** What can happen to one of three questions, in any order and also at once. */
const happening = fc.record({
  what: fc.constantFrom('ask', 'approve', 'approveTwice', 'reject', 'race', 'expire', 'crash', 'restart'),
  which: fc.nat(2),
})

interface Question {
  id?: string
  approved: boolean
}

test('whatever happens in whatever order, it is done at most once, and only after a person has said yes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 3, maxLength: 14 }), async (happenings) => {
      const { anna, mikkel, agent, book } = await world.company()
      const questions: Question[] = [0, 1, 2].map(() => ({ approved: false }))
      const address = (index: number) => `person.${index}@havneby.example`
      const accepted = (promise: Promise<unknown>) => promise.then(() => true, () => false) // prettier-ignore
      const goesBy = (id: string) => world.inRow(id, `tried_at = tried_at - interval '2 minutes', decided_at = decided_at - interval '2 minutes'`) // prettier-ignore

      const act = {
        ask: async (question: Question, index: number) => {
          const asked = { id: book.id, to: address(index) }
          if (!question.id) question.id = (await world.ask(mailBook, asked, agent)).id
        },
        approve: async (question: Question) => {
          if (await accepted(world.approve(question.id!, anna))) question.approved = true
        },
        approveTwice: async (question: Question) => {
          const pressed = [world.approve(question.id!, anna), world.approve(question.id!, mikkel)]
          if ((await Promise.all(pressed.map(accepted))).includes(true)) question.approved = true
        },
        reject: async (question: Question) => void (await accepted(world.reject(question.id!, mikkel))),
        race: async (question: Question) => {
          const [yes] = await Promise.all([
            accepted(world.approve(question.id!, anna)),
            accepted(world.reject(question.id!, mikkel)),
            world.core.approvals.recover(),
          ])
          if (yes) question.approved = true
        },
        expire: ({ id }: Question) =>
          world.inRow(id!, `expires_at = now() - interval '1 second'`).then(() => undefined),
        /** The decision is committed, and the process is gone before anything else. */
        crash: async (question: Question) => {
          const { rowCount } = await world.admin.query(`UPDATE platform.approvals SET status = 'approved', decided_by = $2, decided_at = now() WHERE id = $1 AND status = 'pending' AND expires_at > now()`, [question.id, anna.actor.id]) // prettier-ignore
          if (rowCount === 1) question.approved = true
        },
        restart: async ({ id }: Question) => {
          await goesBy(id!)
          await world.core.approvals.recover()
        },
      }

      for (const { what, which } of happenings) {
        const question = questions[which]!
        if (what === 'ask' || question.id) await act[what](question, which)
        const sent = await world.sent(anna)
        questions.forEach(({ approved }, index) => {
          const times = sent.filter((to) => to === address(index)).length
          expect(times).toBeLessThanOrEqual(approved ? 1 : 0)
        })
      }
      for (const { id } of questions) if (id) await act.restart({ id, approved: false })
      const expected = questions.flatMap(({ approved }, index) => (approved ? [address(index)] : []))
      expect((await world.sent(anna)).toSorted()).toEqual(expected)
    }),
    { numRuns: 60, seed: Number.parseInt(randomUUID().slice(0, 7), 16) },
  )
})
