import { expect, test } from 'vitest'
import { soak } from '../../bench/soak/soak.ts'
import { postgres } from '../store/databases.ts'

/** `npm run soak` plays the same for as long as one likes. */
test.skipIf(postgres.missing)(
  'two replicas on PostgreSQL, killed at random while Slack fails: nothing lost, nothing duplicated',
  {
    timeout: 240_000,
  },
  async () => {
    const result = await soak({
      durationMs: 15_000,
      postgresUrl: await postgres.fresh(),
      faults: ['reset', 'token_revoked'],
    })
    expect(result).toMatchObject({ replicas: 2, lost: [], doubled: [], failed: [], pending: 0 })
    expect(result.kills).toBeGreaterThan(0)
    expect(result.accepted).toBeGreaterThan(10)
    expect(result.outages.length).toBeGreaterThan(0)
  },
)
