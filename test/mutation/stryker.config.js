// Stryker with its vitest runner: `npm run mutation -- --mutate src/incident/decide.ts`. CONTRIBUTING.md says more.
export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
  mutate: [
    'src/incident/**/*.ts',
    'src/intake/**/*.ts',
    'src/engine/{outbox,perform,record,leases,outages,waits}.ts',
    'src/store/{commit,write,write-rows,group-commit,outbox-table,pending-rows}.ts',
  ],
  coverageAnalysis: 'perTest',
  // Mutants of tables and schemas that are built once at the start would each need every test anew.
  ignoreStatic: true,
  incremental: true,
  incrementalFile: 'reports/mutation/incremental.json',
  tempDirName: 'reports/mutation/copies',
  ignorePatterns: ['reports', 'bench', 'docs/images'],
  // Stryker reads it with an API that TypeScript 7 no longer has; a name that does not exist makes it go without.
  tsconfigFile: 'no-tsconfig.json',
  reporters: ['clear-text', 'html', 'json'],
  concurrency: 1,
  timeoutMS: 20_000,
}
