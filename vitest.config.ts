import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** The browser takes longer than any other test: begun last, it would run alone while the other cores wait. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isLongest = ({ moduleId }: TestSpecification): boolean => moduleId.endsWith('tests/browser.test.ts')
    return [...sorted.filter(isLongest), ...sorted.filter((file) => !isLongest(file))]
  }
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
    // A test waits for its database and its processes half of the time: on two cores, one file at a time leaves one of them idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    globalSetup: ['core/testing/globalSetup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A busy machine is slow, not wrong.
    expect: { poll: { timeout: 30_000 } },
  },
})
