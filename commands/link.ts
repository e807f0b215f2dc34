import { z } from 'zod'
import { defineIncidentCommand, link, Refusal, say, toYou } from '../src/conversation/command.ts'

export default defineIncidentCommand({
  summary: 'Get a read-only web page of the incident, for managers',
  usage: 'link',
  examples: ['link'],
  permission: 'export',
  aliases: ['web', 'share'],
  input: z.object({ text: z.literal('', 'type just `link`') }),
  run(_input, { incident, documents }) {
    const pages = documents(incident.id)
    if (!pages)
      throw new Refusal(
        'Muster has no public address. Whoever runs it can set `PUBLIC_URL`; `/incident timeline` works here.',
      )
    return incident.private
      ? toYou(
          say`${link(pages.privateStatus, `Status page of ${incident.id}`)}: status, impact, who leads, the timeline.`,
          say`This incident is private, and whoever has the link can read the page. It works for one day.`,
        )
      : say`${link(pages.status, `Status page of ${incident.id}`)}: status, impact, who leads, the latest update and the timeline. Whoever has the link can read it, for 30 days.`
  },
})
