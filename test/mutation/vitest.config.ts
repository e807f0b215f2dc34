import { defineConfig } from 'vitest/config'

/** The tests that judge a mutant: those of what is mutated, without browsers, real Prometheus or whole programs. */
export default defineConfig({
  test: {
    include: [
      'test/incident/**/*.test.ts',
      'test/intake/**/*.test.ts',
      'test/topology/**/*.test.ts',
      'test/conversation/{command,input,subcommands,timeline-page}.test.ts',
      'test/engine/{outbox,postponed,record,waiting,reminders,call-graph,known-calls}.test.ts',
      'test/store/{contract,outbox-table,damage}.test.ts',
      'test/evidence/judge.test.ts',
      'test/learning/*.test.ts',
      'test/config/*.test.ts',
      'test/integrations/{alertmanager,grafana,pagerduty,webhook}/alerts.test.ts',
      'test/integrations/slack/{flapping,block,mrkdwn,forms}.test.ts',
    ],
    globalSetup: ['test/mutation/without-postgres.ts'],
    testTimeout: 30_000,
    // One process for all of a mutant's tests: loading the modules is most of the time.
    isolate: false,
    maxWorkers: 1,
  },
})
