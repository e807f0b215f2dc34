import { z } from 'zod'
import { code, defineCommand, firstWord, say, time } from '../src/conversation/command.ts'

const LONGEST_MINUTES = 24 * 60

export default defineCommand({
  summary: 'Pull the plug: alerts open nothing and nobody is paged',
  usage: 'pause [minutes] [reason]',
  examples: ['pause 30 planned failover', 'pause'],
  parse(text) {
    const [first, rest] = firstWord(text)
    return /^\d+$/.test(first) ? { minutes: Number(first), reason: rest } : { minutes: 60, reason: text }
  },
  input: z.object({
    minutes: z.number().int().min(1).max(LONGEST_MINUTES, 'a pause is at most a day: 1440 minutes'),
    reason: z.string().max(500),
  }),
  async run({ minutes, reason }, { act, pause }) {
    const { until, announced } = await pause.pause({ minutes, reason, by: act.by })
    return say`Paused until ${time(until)}. What comes in is held together in triage; ${code('/incident resume')} goes on earlier.${announced ? '' : ' It could not be announced: tell people yourself.'}`
  },
})
