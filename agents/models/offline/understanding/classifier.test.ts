import fc from 'fast-check'
import { expect, test } from 'vitest'
import { trainClassifier, type Classifier, type LabelledExample } from './classifier.ts'

const best = ({ labels, score }: Classifier, features: readonly number[]): string | undefined => {
  const scores = score(features)
  return labels[scores.indexOf(Math.max(...scores))]
}

test('tells apart what shares nothing, however many there are of each', () => {
  const counts = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 8 })
  fc.assert(
    fc.property(counts, (many) => {
      const examples = many.flatMap((count, label) =>
        Array.from({ length: count }, (_, at): LabelledExample => ({ label: `label ${label}`, features: [1, 100 * (label + 1), 100 * (label + 1) + at] })),
      )
      const classifier = trainClassifier(examples)
      for (const { features, label } of examples) expect(best(classifier, features)).toBe(label)
    }),
    { numRuns: 30 },
  )
}) // prettier-ignore

test('goes by what tells them apart, and not by what all of them have', () => {
  const classifier = trainClassifier([
    { label: 'show', features: [1, 2, 3] },
    { label: 'show', features: [1, 2, 4] },
    { label: 'remove', features: [1, 5, 3] },
    { label: 'remove', features: [1, 5, 4] },
  ])
  expect(best(classifier, [1, 5, 9])).toBe('remove')
  expect(best(classifier, [1, 2, 9])).toBe('show')
})

test('knows nothing of features that it has not seen', () => {
  const classifier = trainClassifier([
    { label: 'a', features: [1] },
    { label: 'b', features: [2] },
  ])
  expect([...classifier.score([7, 8])]).toEqual([0, 0])
})

test('comes out the same each time', () => {
  const examples = Array.from({ length: 40 }, (_, at): LabelledExample => ({ label: `${at % 4}`, features: [at % 4, 10 + (at % 7), 20 + (at % 3)] })) // prettier-ignore
  const scores = (): number[] => [...trainClassifier(examples).score([1, 12, 22])]
  expect(scores()).toEqual(scores())
})
