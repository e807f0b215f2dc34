import { type Command, InvalidArgumentError } from 'commander'
import type { Config } from '../config/config.ts'
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
    .option('--status <status>', 'its status becomes this')
    .option('--label <name=value>', 'a label of its alert; several times for several', label)
    .option('--service <id>', 'the service it is about')
    .option('--private', 'it is private')
    .option('--drill', 'it is a drill')
    .action(async ({ declared = false, label: alert, private: hidden = false, drill = false, ...others }: Asked) => {
      const { testRules } = await import('./rules.ts')
      const { file } = await settings()
      for (const line of testRules(file.rules, { declared, alert, private: hidden, drill, ...others }))
        console.log(line)
    })
}
