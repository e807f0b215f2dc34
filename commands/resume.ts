import { z } from 'zod'
import { code, defineCommand, say } from '../src/conversation/command.ts'

export default defineCommand({
  summary: 'Resume automatic incidents and paging',
  usage: 'resume',
  examples: ['resume'],
  permission: 'pause',
  aliases: ['unpause'],
  input: z.object({ text: z.literal('', 'type just `resume`') }),
  async run(_input, { act, pause }) {
    return (await pause.resume(act.by))
      ? say`Resumed: alerts open incidents again, and people are paged. Alerts from the pause wait in triage: ${code('/incident list')}.`
      : say`Muster is not paused.`
  },
})
