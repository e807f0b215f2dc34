import { z } from 'zod'
import {
  code,
  defineCommand,
  nameIn,
  type Phrase,
  person,
  say,
  strong,
  time,
  toYou,
} from '../src/conversation/command.ts'
import type { Incident } from '../src/incident/incident.ts'
import { OPEN_STATUSES } from '../src/incident/status.ts'

/** Slack shows this many lines without folding the message. */
const SHOWN = 20

export default defineCommand({
  summary: 'List open incidents',
  usage: 'list [all]',
  examples: ['list', 'list all'],
  permission: 'watch',
  aliases: ['ls', 'incidents'],
  input: z.object({
    text: z
      .string()
      .transform((text) => text.toLowerCase())
      .pipe(z.enum(['', 'all', 'open'], 'type `list` for open incidents or `list all` for the latest ones')),
  }),
  async run({ text }, { list, vocabulary: { severities } }) {
    const all = text === 'all'
    const incidents = await list(all ? undefined : OPEN_STATUSES)
    if (incidents.length === 0)
      return say`${all ? 'There have been no incidents yet' : 'No incident is open'}. ${code('/incident declare')} opens one.`
    const line = (incident: Incident): Phrase[] => {
      if (incident.private) return say`${strong(incident.id)} (private)`
      const { channel, title, severity, status, roles, declaredAt, drill } = incident
      return [
        ...say`${strong(incident.id)} `,
        ...(channel ? say`${{ channel: channel.id }} ` : []),
        ...say`${drill ? '(drill) ' : ''}${title} \u00b7 ${nameIn(severities, severity)} \u00b7 ${status}`,
        ...(roles.commander ? say` \u00b7 ${person(roles.commander)}` : say` \u00b7 no commander`),
        ...say` \u00b7 since ${time(declaredAt)}`,
      ]
    }
    const more = incidents.length - SHOWN
    return toYou(
      say`${strong(all ? 'Latest incidents' : `Open incidents: ${incidents.length}`)}`,
      ...incidents.slice(0, SHOWN).map(line),
      ...(more > 0 ? [say`\u2026 and ${more} more`] : []),
    )
  },
})
