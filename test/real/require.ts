import { describe } from 'vitest'

/**
 * Tests against a program that may not be installed: vitest's `describe` where it is, else one that skips and says so.
 * With MUSTER_REQUIRE_ALL=1, as in CI, a missing program is a failure: a skipped test proves nothing.
 *
 * ```ts
 * requireOrSkip('Prometheus', prometheusInstalled())('a real Prometheus', () => { ... })
 * ```
 */
export const requireOrSkip = (name: string, available: boolean): typeof describe | typeof describe.skip => {
  if (available) return describe
  if (process.env.MUSTER_REQUIRE_ALL === '1')
    throw new Error(`${name} is not installed, and MUSTER_REQUIRE_ALL=1 allows no test to be skipped.`)
  console.warn(`SKIPPED: ${name} is not installed, so the tests against the real one do not run.`)
  return describe.skip
}
