import { z } from 'zod'
import {
  channel,
  code,
  defineIncidentCommand,
  link,
  type Phrase,
  say,
  strong,
  toYou,
} from '../src/conversation/command.ts'
import { importedPhrases } from '../src/incident/imported.ts'
import { formatDuration, shorten } from '../src/incident/measure.ts'
import { type SimilarIncident, similarPhrases } from '../src/incident/similar.ts'

export default defineIncidentCommand({
  summary: 'Show past incidents like this one, and what fixed them',
  usage: 'similar',
  examples: ['similar', 'similar INC-42'],
  aliases: ['like', 'before'],
  input: z.object({ text: z.literal('', 'type just `similar`, or `similar INC-42` for another incident') }),
  async run(_input, { incident, act, learning, documents }) {
    const found = await learning.similar(incident)
    if (found.length === 0)
      return say`No past incident is much like ${incident.id}. Private ones, drills and false alarms are not compared. ${code('/incident find <words>')} searches all of them.`
    const line = (past: SimilarIncident): Phrase[] => {
      const page = documents(past.incident)?.html
      return [
        ...say`${strong(past.incident)} `,
        ...(past.channel ? say`${channel(past.channel)} ` : []),
        ...say`${shorten(past.title, 120)}${importedPhrases(past.imported)}: `,
        ...similarPhrases(past, act.at),
        ...(past.tookMs === undefined ? [] : say` (after ${formatDuration(past.tookMs)})`),
        ...(page ? say` \u00b7 ${link(page, 'postmortem')}` : []),
      ]
    }
    return toYou(say`${strong(`Past incidents like ${incident.id}`)}, the most alike first`, ...found.map(line))
  },
})
