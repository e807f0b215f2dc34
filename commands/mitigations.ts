import { z } from 'zod'
import { code, defineIncidentCommand, Refusal, say, time, toYou } from '../src/conversation/command.ts'
import { snoozeMitigation } from '../src/incident/mitigation.ts'
import { workedBefore } from '../src/incident/similar.ts'

export default defineIncidentCommand({
  summary: 'Show what stopped the harm before, or put that question off',
  usage: 'mitigations [snooze <minutes>]',
  examples: ['mitigations', 'mitigations snooze 10'],
  aliases: ['mitigation'],
  parse(text) {
    if (!text) return {}
    const [, minutes] = /^snooze(?:\s+(\d+)\s*(?:m|min|minutes)?)?$/i.exec(text.trim()) ?? []
    if (!/^snooze\b/i.test(text.trim()))
      throw new Refusal(
        'To say what you do about it, use `/incident note <text>`; when it helped, `/incident mitigated <text>`.',
      )
    return { snooze: Number(minutes ?? 10) }
  },
  input: z.object({ snooze: z.number().optional() }),
  async run({ snooze }, { incident, act, change, learning }) {
    if (snooze !== undefined) {
      const { events } = await change((now) => snoozeMitigation(now, { minutes: snooze }, act))
      const [event] = events
      return event?.type === 'mitigation_snoozed'
        ? say`I ask again at ${time(event.until)}, unless it is mitigated by then.`
        : say`Noted.`
    }
    const lines = workedBefore(incident.playbook, await learning.similar(incident), act.at)
    return lines.length > 0
      ? toYou(say`What stopped the harm before:`, ...lines)
      : say`No past incident like this one says what helped. Usual first moves: roll back the latest change, add capacity, shed load, fail over. ${code('/incident suspects')} says where to look.`
  },
})
