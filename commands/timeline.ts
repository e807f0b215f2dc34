import { z } from 'zod'
import {
  code,
  defineIncidentCommand,
  link,
  type Phrase,
  say,
  strong,
  time,
  toYou,
} from '../src/conversation/command.ts'
import { timeline } from '../src/incident/timeline.ts'

const SHOWN = 30

export default defineIncidentCommand({
  summary: 'Show what happened when',
  usage: 'timeline',
  permission: 'watch',
  aliases: ['tl', 'history'],
  input: z.object({ text: z.literal('', 'type just `timeline`; `note 08:06 ...` adds to it') }),
  async run(_input, { incident, events, documents }) {
    const entries = timeline(await events())
    const shown = entries.slice(-SHOWN)
    const whole = documents(incident.id)?.html
    return toYou(
      say`${strong(`Timeline of ${incident.id}`)}, times in your zone; ${code('/incident time <number> HH:MM')} corrects one`,
      ...(shown.length < entries.length
        ? [
            [
              ...say`\u2026 ${entries.length - shown.length} earlier entries`,
              ...(whole ? say`: ${link(whole, 'all of them')}` : []),
            ],
          ]
        : []),
      ...shown.map(({ seq, at, phrases }): Phrase[] => [...say`${code(String(seq))} ${time(at)} `, ...phrases]),
    )
  },
})
