import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Config } from '../config/config.ts'
import { RULE_STATUSES } from '../incident/rule-event.ts'
import type { RuleCase } from './rules.ts'

type Asked = Partial<Omit<RuleCase, 'alert'>> & { label?: Record<string, string> }

/** `severity=page`, added to the labels given before. @throws InvalidArgumentError for anything else. */
const label = (text: string, before: Record<string, string> = {}): Record<string, string> => {
  const [name = '', ...value] = text.split('=')
  if (!name || value.length === 0) throw new InvalidArgumentError('Write a label like severity=page.')
  return { ...before, [name]: value.join('=') }
}

/** `muster rules test`: which rules of muster.yaml would act. */
export const addRulesCommand = (program: Command, settings: () => Promise<Config>): void => {
  program
    .command('rules')
    .description('what Muster does by itself: the rules of muster.yaml')
    .command('test')
    .description('say which rules would act, and why the others would not')
    .option('--declared', 'an incident is declared')
    .option('--severity <id>', 'its severity becomes this')
    .addOption(new Option('--status <status>', 'its status becomes this').choices(RULE_STATUSES))
    .option('--label <name=value>', 'a label of its alert; several times for several', label)
    .option('--service <id>', 'the service it is about')
    .option('--private', 'it is private')
    .option('--drill', 'it is a drill')
    .action(async ({ declared = false, label: alert, private: hidden = false, drill = false, ...others }: Asked) => {
      const { testRules, unknownIn } = await import('./rules.ts')
      const { file, catalogue } = await settings()
      const severities = file.severities.map(({ id }) => id)
      const unknown = unknownIn(others, { severities, services: [...catalogue.keys()] })
      if (unknown !== undefined) {
        console.error(unknown)
        process.exitCode = 1
        return
      }
      for (const line of testRules(file.rules, { declared, alert, private: hidden, drill, ...others }))
        console.log(line)
    })
}
