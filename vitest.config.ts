import { defineConfig } from 'vitest/config'

export default defineConfig({
  // The web app's compiler settings exist only once SvelteKit has run, and no test needs them.
  oxc: { tsconfig: false } as object,
  test: {
    include: [
      'web/src/**/*.test.ts',
      '{core,plugins,agents,channels,scripts,deploy,tests,evaluation}/**/*.test.ts',
      '*.test.ts',
    ],
    globalSetup: ['core/testing/globalSetup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A busy machine is slow, not wrong.
    expect: { poll: { timeout: 30_000 } },
  },
})
