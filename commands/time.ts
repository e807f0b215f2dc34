import { z } from 'zod'
import { readTime } from '../src/conversation/clock-time.ts'
import {
  code,
  defineIncidentCommand,
  firstWord,
  type Phrase,
  Refusal,
  say,
  strong,
  toYou,
  typed,
  time as when,
} from '../src/conversation/command.ts'
import { correctTime, setMilestone } from '../src/incident/decide.ts'
import { MILESTONE_NAMES, Milestone } from '../src/incident/milestones.ts'

export default defineIncidentCommand({
  summary: 'Correct the time of a milestone or a timeline entry',
  usage: 'time [<milestone|number> <HH:MM> [why]]',
  examples: ['time impact_started 02:57 the first complaint', 'time 12 08:06'],
  aliases: ['milestone'],
  async parse(text, { timezone, act }) {
    const [what, rest] = firstWord(text)
    if (!what) return { what: undefined }
    const read = readTime(rest, await timezone(), act.at)
    return { what: what.toLowerCase().replace(/-/g, '_'), time: read?.time, reason: read?.rest.trim() || undefined }
  },
  input: z.object({
    what: z.string().optional(),
    time: z.number('say when, like 02:57 or 2026-11-21 02:57').optional(),
    reason: z.string().max(500, 'keep the reason under 500 characters').optional(),
  }),
  async run({ what, time, reason }, { act, change, incident }) {
    if (what === undefined)
      return toYou(
        say`${strong(`Milestones of ${incident.id}`)}; ${code('/incident time impact_started 02:57')} corrects one`,
        ...Milestone.options.map((name): Phrase[] => {
          const reached = incident.milestones[name]
          return reached
            ? [...say`${MILESTONE_NAMES[name]}: ${when(reached.at)} (`, ...typed(reached.source), ...say`)`]
            : say`${MILESTONE_NAMES[name]}: not yet`
        }),
      )
    if (time === undefined) throw new Refusal('Say when, like `02:57`, `yesterday 23:50` or `2026-11-21 02:57`.')
    const milestone = Milestone.safeParse(what)
    if (milestone.success) {
      await change((now) => setMilestone(now, { milestone: milestone.data, time, reason }, act))
      return say`${MILESTONE_NAMES[milestone.data]} corrected to ${when(time)}.`
    }
    const seq = Number(what)
    if (!Number.isInteger(seq))
      throw new Refusal(`Name a milestone (${Milestone.options.join(', ')}) or the number of a timeline entry.`)
    await change((now) => correctTime(now, { seq, time }, act))
    return say`Entry ${seq} is now at ${when(time)}.`
  },
})
