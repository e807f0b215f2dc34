import { z } from 'zod'
import { code, defineCommand, say } from '../src/conversation/command.ts'

export default defineCommand({
  summary: 'Put the plug back in',
  usage: 'resume',
  aliases: ['unpause'],
  input: z.object({ text: z.literal('', 'type just `resume`') }),
  async run(_input, { act, pause }) {
    return (await pause.resume(act.by))
      ? say`Alerts open incidents again, and people are paged. What was held waits in triage: ${code('/incident list')}.`
      : say`Muster is not paused.`
  },
})
