import { expect, test } from 'vitest'
import { createChangingMemory } from './changingMemory.ts'

interface Key {
  readonly tenant: string
  readonly name: string
}

/** A memory whose loads are answered when the test says so. */
function slowMemory() {
  const memory = createChangingMemory<Key>({
    clock: { now: () => new Date() },
    most: 100,
    concerns: ({ tenant }) => [tenant],
  })
  const answers: ((found: Key) => void)[] = []
  const recall = () => memory.recall('key', ['key'], () => new Promise<Key>((answer) => answers.push(answer)))
  return { memory, answers, recall }
}

test('remembers what was found until there is news of it', async () => {
  const { memory, answers, recall } = slowMemory()
  const first = recall()
  answers[0]!({ tenant: 'nordlys', name: 'one' })
  await first
  await recall()
  expect(answers).toHaveLength(1)
  memory.forget('nordlys')
  void recall()
  expect(answers).toHaveLength(2)
})

test('does not remember what was on its way when news came of whom it turns out to concern', async () => {
  const { memory, answers, recall } = slowMemory()
  const first = recall()
  memory.forget('nordlys')
  answers[0]!({ tenant: 'nordlys', name: 'as it was before the news' })
  await first
  void recall()
  expect(answers).toHaveLength(2)
})
