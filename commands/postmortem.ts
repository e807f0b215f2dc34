import { z } from 'zod'
import { code, defineIncidentCommand, link, say } from '../src/conversation/command.ts'
import { requestPostmortem } from '../src/incident/decide.ts'

export default defineIncidentCommand({
  summary: 'Write or refresh the postmortem draft',
  usage: 'postmortem',
  permission: 'export',
  aliases: ['pm', 'retro', 'draft'],
  input: z.object({ text: z.literal('', 'type just `postmortem`') }),
  async run(_input, { act, change, documents }) {
    const { incident } = await change((now) => requestPostmortem(now, {}, act))
    const pages = documents(incident.id)
    return pages
      ? say`The current draft: ${link(pages.html, 'page')}, ${link(pages.pdf, 'PDF')}, ${link(pages.markdown, 'Markdown')}, ${link(pages.json, 'JSON')}. It is posted in the channel, too.`
      : say`The draft is being written and will be posted here. ${code(`muster export ${incident.id}`)} saves it to a file.`
  },
})
