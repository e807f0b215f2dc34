import { type Command, Option } from 'commander'
import type { Config } from '../config/config.ts'
import type { ImportFormat } from '../learning/import/mappings.ts'
import type { ExportFormat } from '../postmortem/formats.ts'
import { day } from './arguments.ts'

type ExportCommandOptions = { format: ExportFormat; out?: string; all?: boolean; since?: number }

const say = (line: string): void => {
  process.stderr.write(`${line}\n`)
}

/** The commands that write what past incidents add up to, and read what others wrote: exports, playbooks, import. */
export const addDocumentCommands = (program: Command, settings: () => Promise<Config>): void => {
  program
    .command('export')
    .description('write the postmortem of an incident, or of all that are over')
    .argument('[incident]', 'like INC-42; not with --all')
    .addOption(
      new Option('--format <format>', 'the kind of document')
        .choices(['md', 'html', 'json', 'pdf', 'confluence', 'canvas'])
        .default('md'),
    )
    .option('--out <file>', 'the file to write, or the folder with --all; without it the text goes to standard output')
    .option('--all', 'every incident that is resolved or closed, a file each')
    .addOption(new Option('--since <day>', 'with --all: declared from that day on, 2026-01-31').argParser(day))
    .action(async (id: string | undefined, options: ExportCommandOptions) => {
      const { format, out, all, since } = options
      if ((id === undefined) === !all) throw new Error('Name one incident, like INC-42, or say --all.')
      const { exportFromStore } = await import('./offline.ts')
      const write = (body: string | Buffer) => process.stdout.write(body)
      const wanted = id === undefined ? { all: true as const, since } : { id }
      for (const note of await exportFromStore(await settings(), { ...wanted, format, out, write })) say(note)
    })

  program
    .command('playbooks')
    .description('write every kept playbook as Markdown')
    .option('--out <folder>', 'where to write them', '.')
    .action(async ({ out }: { out: string }) => {
      const { exportPlaybooks } = await import('./playbooks.ts')
      for (const note of await exportPlaybooks(await settings(), out)) say(note)
    })

  program
    .command('insights')
    .description('write one line of CSV for every incident: how long things took, what it was, what is left to do')
    .option('--out <file>', 'the file to write; without it the text goes to standard output')
    .addOption(new Option('--since <day>', 'declared from that day on, 2026-01-31').argParser(day))
    .action(async ({ out, since }: { out?: string; since?: number }) => {
      const { exportInsights } = await import('./insights.ts')
      const count = await exportInsights(await settings(), { out, since, write: (text) => process.stdout.write(text) })
      if (out) say(`Wrote ${count} incidents to ${out}.`)
    })

  program
    .command('import')
    .description('bring in past incidents from elsewhere, for search, similar incidents and insights')
    .argument('<file>')
    .addOption(
      new Option('--as <format>', 'what the file holds')
        .choices(['csv', 'json', 'pagerduty', 'incidentio'])
        .makeOptionMandatory(),
    )
    .option('--from <name>', 'what the other system is called, with csv and json')
    .option('--severity <id>', 'for rows whose severity is missing or unknown')
    .option('--write', 'import them; without it, only what would be imported is printed')
    .action(async (file: string, options: { as: ImportFormat; from?: string; severity?: string; write?: boolean }) => {
      const { importIncidents } = await import('./import.ts')
      const { as: format, write = false, ...more } = options
      const fine = await importIncidents(await settings(), { ...more, file, format, write, say, now: Date.now })
      process.exitCode = fine ? 0 : 1
    })

  program
    .command('summary')
    .description('write a summary by the language model that SUMMARY_API_URL names, with the entries it stands on')
    .argument('<incident>')
    .action(async (id: string) => {
      const { summarize } = await import('./summary.ts')
      console.log(await summarize(await settings(), { id }))
    })

  program
    .command('templates')
    .description('the templates of your own')
    .command('check')
    .description('say whether each works, with the line that does not')
    .action(async () => {
      const { checkTemplates } = await import('./templates.ts')
      process.exitCode = (await checkTemplates((await settings()).file.templates, (line) => console.log(line))) ? 0 : 1
    })
}
