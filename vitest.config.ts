import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A busy machine is slow, not wrong: what is waited for is given the time that a test is given.
    expect: { poll: { timeout: 20_000 } },
    // Databases and a browser run beside the tests; more workers than cores only makes them starve each other.
    maxWorkers: 2,
  },
})
