import { setFlagsFromString } from 'node:v8'
import { Command, Option } from 'commander'
import { day, port } from './cli/arguments.ts'
import { addDocumentCommands } from './cli/document-commands.ts'
import { addRulesCommand } from './cli/rules-command.ts'

const program = new Command('muster')
  .description('The incident commander for Slack')
  .showHelpAfterError('(`muster --help` lists the commands)')

const say = (line: string): void => {
  process.stderr.write(`${line}\n`)
}

/** The settings. Everything a command needs is loaded when it runs, so that no command pays for another. */
const settings = async () => (await import('./config/config.ts')).loadConfig()

program
  .command('serve')
  .description('run Muster on a real Slack workspace')
  .action(async () => {
    // First, so that a wrong setting is reported at once.
    const config = await settings()
    const { createLog } = await import('./platform/log.ts')
    const { exitOnUnhandled } = await import('./cli/unhandled.ts')
    const log = createLog(config.env.LOG_LEVEL)
    exitOnUnhandled(log)
    const { startMuster } = await import('./muster.ts')
    const starting = startMuster(config, { log })
    // bin/muster.js kept the young generation small while modules were loaded.
    void starting.then(
      () => setFlagsFromString('--semi-space-growth-factor=2'),
      () => {},
    )
    // Alerts are accepted before Slack has answered, so a signal during the start shuts down cleanly, too.
    const stop = () =>
      starting.then(
        (muster) => muster.stop(),
        () => {},
      )
    await Promise.all([starting, stopped(stop)])
  })

program
  .command('demo')
  .description('run Muster in a simulated workspace: no account needed')
  .addOption(new Option('--alone', 'with --headless: nobody types or answers; at the end, what Muster found by itself'))
  .addOption(new Option('--headless', 'play the story to its end at full speed, write the postmortem, exit'))
  .addOption(new Option('--port <port>', 'where the page is served').default(3000).argParser(port))
  .addOption(new Option('--scenario <name>', 'which story begins at once'))
  .addOption(new Option('--speed <factor>', 'story seconds a second: 1, 10 or 60').default(10).argParser(Number))
  .addOption(new Option('--on <day>', 'the day on which the clock starts, like 2026-03-09; today unless given'))
  .addOption(new Option('--keep <folder>', 'keep the database and the documents there'))
  .action(
    async (options: {
      headless?: boolean
      alone?: boolean
      port: number
      scenario?: string
      speed: number
      on?: string
      keep?: string
    }) => {
      const { runDemo } = await import('../sandbox/demo/demo.ts').catch(explainMissingDemo)
      const demo = await runDemo({ ...options, headless: options.headless ?? false, say: (line) => console.log(line) })
      if (demo) await stopped(() => demo.stop())
    },
  )

program
  .command('migrate')
  .description('bring the database up to date')
  .action(async () => {
    const { connect } = await import('./store/store.ts')
    const { migrate } = await import('./store/migrate.ts')
    const connection = await connect((await settings()).env.DATABASE_URL)
    const applied = await migrate(connection, Date.now())
    say(applied.length > 0 ? `Applied ${applied.join(', ')}.` : 'The database is up to date.')
    await connection.db.destroy()
  })

addDocumentCommands(program, settings)

program
  .command('mcp')
  .description('let a language model read incidents by the Model Context Protocol, on standard input and output')
  .option(
    '--user <id>',
    'the person in Slack it works for, U...: it may also read the private incidents they belong to',
  )
  .option('--http', 'on HOST and PORT instead, for holders of MUSTER_MCP_TOKEN')
  .action(async (options: { user?: string; http?: boolean }) => {
    const { runMcp } = await import('./cli/mcp.ts')
    const running = await runMcp(await settings(), { ...options, say })
    await Promise.race([running.ended, stopped(async () => {})])
    await running.stop()
    // A request to PagerDuty that is still under way would keep the process alive.
    process.exit(0)
  })

program
  .command('evidence')
  .description('what would be shown of a service')
  .command('try')
  .description('print what an incident of a service would show right now; nothing is declared, posted or stored')
  .argument('<service>', 'an id of the catalogue, or a name as metrics have it')
  .action(async (service: string) => {
    const { tryEvidence } = await import('./cli/evidence.ts')
    const found = await tryEvidence(await settings(), service, { print: (line) => console.log(line) })
    process.exitCode = found ? 0 : 1
  })

addRulesCommand(program, settings)

const suspects = program.command('suspects').description('rank the services that may be the cause')
suspects
  .command('rank')
  .description('rank the services of incidents saved as files')
  .argument('<files...>')
  .option('--json', 'one line of JSON for each file')
  .action(async (files: string[], { json }: { json?: boolean }) => {
    const { rankFiles } = await import('./cli/suspects.ts')
    process.exitCode = await rankFiles(files, {
      json: json ?? false,
      write: (line) => console.log(line),
      writeError: say,
    })
  })

suspects
  .command('export')
  .description('write the rankings of incidents with a recorded cause as case files')
  .addOption(new Option('--since <day>', 'only incidents declared from that day on, 2026-01-31').argParser(day))
  .option('--out <folder>', 'where the files go', 'suspect-cases')
  .action(async ({ since, out }: { since?: number; out: string }) => {
    const { exportCases } = await import('./cli/suspects.ts')
    const { openStoreToRead } = await import('./store/store.ts')
    const store = await openStoreToRead((await settings()).env.DATABASE_URL, Date.now)
    const written = await exportCases({ store, folder: out, since }).finally(() => store.close())
    say(
      written.length > 0
        ? `Wrote ${written.length} case file${written.length === 1 ? '' : 's'} to ${out}.`
        : 'No incident has both a ranking and a recorded cause: `/incident cause` records one.',
    )
  })

program
  .command('backup')
  .description('copy the SQLite database to a file while Muster runs')
  .argument('<file>')
  .action(async (file: string) => {
    const { backup } = await import('./cli/offline.ts')
    await backup(await settings(), file)
    say(`Wrote ${file}.`)
  })

program
  .command('doctor')
  .description('check every connection, and say how to fix what is wrong')
  .option('--pagerduty', "set up PagerDuty's webhooks to PUBLIC_URL; run again it finds and pings them")
  .option('--service <id...>', "with --pagerduty: only for these of PagerDuty's services")
  .action(async ({ pagerduty = false, service = [] }: { pagerduty?: boolean; service?: string[] }) => {
    const print = (line: string) => console.log(line)
    if (pagerduty) {
      const { connectPagerDuty } = await import('./cli/connect-pagerduty.ts')
      process.exitCode = (await connectPagerDuty(await settings(), service, print)) ? 0 : 1
      return
    }
    const { readConfig } = await import('./config/config.ts')
    const { doctor } = await import('./cli/doctor.ts')
    const { config, mistakes } = readConfig()
    process.exitCode = (await doctor(config, print, mistakes)) ? 0 : 1
  })

const config = program.command('config').description('the settings file')
config
  .command('check')
  .description('report every mistake in the settings, with its line')
  .action(async () => {
    const { file } = await settings()
    console.log(
      `The settings are valid: ${Object.keys(file.services).length} services, ${file.severities.length} severities.`,
    )
  })
config
  .command('schema')
  .description('print the JSON Schema of muster.yaml, for completion in editors')
  .action(async () => {
    const { musterFileSchema } = await import('./config/muster-file.ts')
    console.log(JSON.stringify(musterFileSchema(), undefined, 2))
  })

/** Runs until SIGINT or SIGTERM; a second signal exits at once. */
const stopped = (stop: () => Promise<void>): Promise<void> =>
  new Promise((resolve) => {
    const once = () => {
      process.once('SIGINT', () => process.exit(130))
      process.once('SIGTERM', () => process.exit(143))
      void stop().finally(resolve)
    }
    process.once('SIGINT', once)
    process.once('SIGTERM', once)
  })

/** The sandbox is for development: the image and a production install come without it. */
function explainMissingDemo(error: NodeJS.ErrnoException): never {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error
  throw new Error(
    'The demo is not part of this installation. In a clone, `npm ci && npm run demo` runs it; `docker build --target demo` makes an image with it.',
    { cause: error },
  )
}

try {
  await program.parseAsync()
} catch (error) {
  say(error instanceof Error ? error.message : String(error))
  // A Slack connection that was still opening would keep the process alive.
  process.exit(1)
}
