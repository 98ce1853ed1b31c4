import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What starts whole processes takes minutes: begun last, it would run alone while the other cores wait. */
const longest = ['tests/browserSettings.test.ts', 'tests/', 'core/jobs/']

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return sorted.toSorted((one, other) => place(one) - place(other))
  }
}

function place({ moduleId }: TestSpecification): number {
  const found = longest.findIndex((path) => moduleId.startsWith(`${import.meta.dirname}/${path}`))
  return found < 0 ? longest.length : found
}

export default defineConfig({
  // The web app's compiler settings exist only once SvelteKit has run, and no test needs them.
  oxc: { tsconfig: false } as object,
  test: {
    include: [
      'web/src/**/*.test.ts',
      '{core,plugins,agents,channels,scripts,deploy,tests,evaluation}/**/*.test.ts',
      '*.test.ts',
    ],
    sequence: { sequencer: LongestFirst },
    // A test waits for its database and its processes half of the time: on two cores, two files at a time leave them idle.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    globalSetup: ['core/testing/globalSetup.ts'],
    // A busy machine is slow, not wrong: these end what hangs, and say nothing of how long anything may take.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 120_000 } },
  },
})
