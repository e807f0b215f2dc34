import { z } from 'zod'
import { code, defineCommand, type Phrase, person, say, strong, time, toYou } from '../src/conversation/command.ts'
import { OPEN_STATUSES } from '../src/incident/status.ts'

export default defineCommand({
  summary: 'Show open incidents',
  usage: 'list [all]',
  aliases: ['ls', 'incidents'],
  input: z.object({ text: z.enum(['', 'all', 'open'], 'type `list` for the open ones or `list all` for the latest') }),
  async run({ text }, { list }) {
    const incidents = await list(text === 'all' ? undefined : OPEN_STATUSES)
    if (incidents.length === 0)
      return say`${text === 'all' ? 'There has been no incident yet' : 'No incident is open'}. ${code('/incident declare')} opens one.`
    return toYou(
      say`${strong(text === 'all' ? 'The latest incidents' : 'Open incidents')}`,
      ...incidents
        .slice(0, 20)
        .map((incident): Phrase[] => [
          ...say`${strong(incident.id)} `,
          ...(incident.private
            ? say`(private)`
            : [
                ...(incident.channel ? say`${{ channel: incident.channel.id }} ` : []),
                ...say`${incident.title} \u00b7 ${incident.severity} \u00b7 ${incident.status}`,
                ...(incident.roles.commander
                  ? say` \u00b7 ${person(incident.roles.commander)}`
                  : say` \u00b7 nobody in command`),
                ...say` \u00b7 since ${time(incident.declaredAt)}`,
              ]),
        ]),
    )
  },
})
