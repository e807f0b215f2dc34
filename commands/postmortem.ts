import { z } from 'zod'
import { code, defineIncidentCommand, link, say } from '../src/conversation/command.ts'
import { requestPostmortem } from '../src/incident/decide.ts'

export default defineIncidentCommand({
  summary: 'Write the postmortem draft, or write it again',
  usage: 'postmortem',
  aliases: ['pm', 'retro', 'draft'],
  input: z.object({ text: z.literal('', 'type just `postmortem`') }),
  async run(_input, { act, change, documents }) {
    const { incident } = await change((now) => requestPostmortem(now, {}, act))
    const pages = documents(incident.id)
    return pages
      ? say`The draft, as things stand now: ${link(pages.html, 'page')}, ${link(pages.markdown, 'Markdown')}, ${link(pages.json, 'JSON')}. It is posted in the channel too.`
      : say`The draft is being written and will be posted here. ${code(`muster export ${incident.id}`)} writes it to a file.`
  },
})
