/** One example: the numbers of what is seen of it, each once, and the class it is of. */
export interface LabelledExample {
  readonly features: readonly number[]
  readonly label: string
}

export interface Classifier {
  readonly labels: readonly string[]
  /** How much the features speak for each label, in the labels' order; training puts the right one ahead by 1. */
  score(features: readonly number[]): Float64Array
}

const rounds = 10
/** The share of an example's features that is hidden each time it is learnt, so that no word is relied upon alone (dropout). */
const hidden = 0.3
const margin = 1
const largestStep = 0.1

/**
 * A linear classifier with a margin: averaged passive-aggressive learning (PA-I, Crammer et al. 2006), over the pairs
 * of feature and label that were seen together. The same examples in the same order give the same classifier.
 */
export function trainClassifier(examples: readonly LabelledExample[]): Classifier {
  const labels = [...new Set(examples.map(({ label }) => label))]
  const index = indexOf(examples, labels)
  const learner = new Learner(index, labels.length)
  const order = Uint32Array.from(examples, (_, at) => at)
  const random = chance()
  for (let round = 0; round < rounds; round++) {
    shuffle(order, random)
    for (const at of order) if (round % 2 === 0 || !learner.knows(at)) learner.learn(at, random)
  }
  const weights = learner.averaged()
  return {
    labels,
    score: (features) => {
      const scores = new Float64Array(labels.length)
      for (const feature of features) addScores(index.numbers.get(feature), index, weights, scores)
      return scores
    },
  }
}

/**
 * Features numbered from 0, and for each the labels that it was seen with: `labels` from `starts[feature]` up to
 * `starts[feature + 1]`. An example's features stand in `features` from `begins[example]` up to `begins[example + 1]`.
 */
interface Index {
  readonly numbers: ReadonlyMap<number, number>
  readonly starts: Uint32Array
  readonly labels: Uint16Array
  readonly features: Uint32Array
  readonly begins: Uint32Array
  readonly rightLabels: Uint16Array
}

function indexOf(examples: readonly LabelledExample[], names: readonly string[]): Index {
  const numberOf = new Map(names.map((name, at) => [name, at]))
  const begins = new Uint32Array(examples.length + 1)
  examples.forEach(({ features }, at) => (begins[at + 1] = (begins[at] as number) + features.length))
  const numbers = new Map<number, number>()
  const features = new Uint32Array(begins[examples.length] as number)
  examples.forEach((example, at) => {
    let next = begins[at] as number
    for (const feature of example.features) {
      let number = numbers.get(feature)
      if (number === undefined) numbers.set(feature, (number = numbers.size))
      features[next++] = number
    }
  })
  const rightLabels = Uint16Array.from(examples, ({ label }) => numberOf.get(label) as number)
  return {
    numbers,
    features,
    begins,
    rightLabels,
    ...labelsByFeature(numbers.size, features, begins, rightLabels),
  }
}

/** Goes through the examples label by label, so that a label seen again with a feature is the one seen last. */
function labelsByFeature(
  count: number,
  features: Uint32Array,
  begins: Uint32Array,
  rightLabels: Uint16Array,
): Pick<Index, 'starts' | 'labels'> {
  const byLabel = Uint32Array.from(rightLabels, (_, at) => at).sort((left, right) => (rightLabels[left] as number) - (rightLabels[right] as number)) // prettier-ignore
  const eachNew = (found: (feature: number, label: number) => void): void => {
    const last = new Int32Array(count).fill(-1)
    for (const example of byLabel)
      for (let at = begins[example] as number; at < (begins[example + 1] as number); at++) {
        const feature = features[at] as number
        const label = rightLabels[example] as number
        if (last[feature] !== label) found(feature, label)
        last[feature] = label
      }
  }
  const starts = new Uint32Array(count + 1)
  eachNew((feature) => (starts[feature + 1] = (starts[feature + 1] as number) + 1))
  for (let feature = 0; feature < count; feature++) starts[feature + 1] = (starts[feature + 1] as number) + (starts[feature] as number) // prettier-ignore
  const labels = new Uint16Array(starts[count] as number)
  const next = starts.slice()
  eachNew((feature, label) => (labels[next[feature]!++] = label))
  return { starts, labels }
}

class Learner {
  readonly #index: Index
  readonly #weights: Float64Array
  /** The changes times when they were made, from which the average over all steps follows. */
  readonly #sums: Float64Array
  readonly #scores: Float64Array
  /** Which examples were right by the margin when last learnt: they are gone through every other round. */
  readonly #known: Uint8Array
  #shown = new Uint32Array(256)
  #step = 1

  constructor(index: Index, labels: number) {
    this.#index = index
    this.#weights = new Float64Array(index.labels.length)
    this.#sums = new Float64Array(index.labels.length)
    this.#scores = new Float64Array(labels)
    this.#known = new Uint8Array(index.rightLabels.length)
  }

  knows(example: number): boolean {
    return this.#known[example] === 1
  }

  learn(example: number, random: () => number): void {
    const shown = this.#show(example, random)
    const scores = this.#scores.fill(0)
    for (const feature of shown) addScores(feature, this.#index, this.#weights, scores)
    const right = this.#index.rightLabels[example] as number
    const rival = rivalOf(right, scores)
    const lacking = margin - (scores[right] as number) + (scores[rival] as number)
    this.#known[example] = lacking > 0 ? 0 : 1
    if (lacking > 0 && shown.length > 0)
      this.#move(shown, right, rival, Math.min(largestStep, lacking / (2 * shown.length)))
    this.#step += 1
  }

  #show(example: number, random: () => number): Uint32Array {
    const { features, begins } = this.#index
    const [from, to] = [begins[example] as number, begins[example + 1] as number]
    if (to - from > this.#shown.length) this.#shown = new Uint32Array(2 * (to - from))
    let count = 0
    for (let at = from; at < to; at++) if (random() >= hidden) this.#shown[count++] = features[at] as number
    return this.#shown.subarray(0, count)
  }

  #move(features: Uint32Array, towards: number, from: number, by: number): void {
    const { starts, labels } = this.#index
    for (const feature of features)
      for (let at = starts[feature] as number; at < (starts[feature + 1] as number); at++) {
        const change = labels[at] === towards ? by : labels[at] === from ? -by : 0
        if (change === 0) continue
        this.#weights[at] = (this.#weights[at] as number) + change
        this.#sums[at] = (this.#sums[at] as number) + change * this.#step
      }
  }

  averaged(): Float64Array {
    return this.#weights.map((weight, at) => weight - (this.#sums[at] as number) / this.#step)
  }
}

function addScores(
  feature: number | undefined,
  { starts, labels }: Index,
  weights: Float64Array,
  scores: Float64Array,
): void {
  if (feature === undefined) return
  const end = starts[feature + 1] as number
  for (let at = starts[feature] as number; at < end; at++)
    scores[labels[at] as number] = (scores[labels[at] as number] as number) + (weights[at] as number)
}

/** The wrong label that the scores speak most for. */
function rivalOf(right: number, scores: Float64Array): number {
  let best = right === 0 ? 1 : 0
  for (let label = 0; label < scores.length; label++)
    if (label !== right && (scores[label] as number) > (scores[best] as number)) best = label
  return best
}

/** A linear congruential generator (Numerical Recipes): chance that is the same at every boot. */
function chance(): () => number {
  let state = 42
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

function shuffle(order: Uint32Array, random: () => number): void {
  for (let at = order.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1))
    const moved = order[at] as number
    order[at] = order[other] as number
    order[other] = moved
  }
}
