import type { Config } from '../config/config.ts'
import { messageOf } from '../incident/errors.ts'
import { integrationsOf } from '../integrations.ts'
import { checksOf } from './checks.ts'

/**
 * Sends every configured system one harmless request and prints a line for each. Changes nothing: neither in those
 * systems nor in the database.
 * @param mistakes invalid settings; the remaining checks still run.
 * @returns whether everything is ok.
 */
export const doctor = async (
  config: Config,
  print: (line: string) => void,
  mistakes: readonly string[] = [],
): Promise<boolean> => {
  for (const mistake of mistakes) print(`WRONG setting ${mistake}`)
  let ok = mistakes.length === 0
  for (const { name, run } of checksOf(config)) {
    try {
      print(`ok    ${name}: ${await run()}`)
    } catch (error) {
      ok = false
      print(`WRONG ${name}: ${messageOf(error)}`)
    }
  }
  if (!config.env.SLACK_BOT_TOKEN && !mistakes.some((mistake) => mistake.startsWith('SLACK_BOT_TOKEN'))) {
    ok = false
    print('WRONG Slack: SLACK_BOT_TOKEN is not set')
  }
  for (const name of integrationsOf(config).off) print(`off   ${name}`)
  return ok
}
