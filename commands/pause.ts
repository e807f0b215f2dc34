import { z } from 'zod'
import { code, defineCommand, say, time } from '../src/conversation/command.ts'

const DEFAULT_MINUTES = 60
const LONGEST_MINUTES = 24 * 60
/** `30`, `30m`, `2h`, and what follows. */
const LENGTH = /^(\d{1,6})\s*(m|min|mins|minutes?|h|hrs?|hours?)?(?=\s|$)\s*([\s\S]*)$/i

export default defineCommand({
  summary: 'Pause automatic incidents and paging',
  usage: 'pause [minutes] [reason]',
  permission: 'pause',
  examples: ['pause 30 planned failover', 'pause 2h', 'pause'],
  parse(text) {
    if (!text.trim()) return { minutes: DEFAULT_MINUTES, reason: '' }
    const [, count, unit = '', reason] = LENGTH.exec(text.trim()) ?? []
    return { minutes: count === undefined ? undefined : Number(count) * (/^h/i.test(unit) ? 60 : 1), reason }
  },
  input: z.object({
    minutes: z
      .number('say for how long first, like `pause 30 planned failover`')
      .int('give whole minutes')
      .min(1, 'a pause lasts at least a minute')
      .max(LONGEST_MINUTES, 'a pause lasts at most a day: 1440 minutes'),
    reason: z.string().max(500, 'keep the reason under 500 characters').default(''),
  }),
  async run({ minutes, reason }, { act, pause }) {
    const { until, announced } = await pause.pause({ minutes, reason, by: act.by })
    return say`Paused until ${time(until)}. Alerts that come in wait together in triage, and nobody is paged. ${code('/incident resume')} ends the pause.${announced ? '' : ' It could not be announced, so please tell people yourself.'}`
  },
})
