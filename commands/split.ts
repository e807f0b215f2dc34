import { z } from 'zod'
import { code, defineIncidentCommand, Refusal, say, toYou } from '../src/conversation/command.ts'
import { splitAlert } from '../src/incident/alert-decisions.ts'
import { alertsOf } from '../src/incident/alerts-of.ts'

export default defineIncidentCommand({
  summary: 'An alert does not belong here: give it an incident of its own',
  usage: 'split [number]',
  examples: ['split 2'],
  input: z.object({ text: z.string() }),
  async run({ text }, { act, change, events, incident }) {
    const alerts = alertsOf(await events())
    const alert = alerts.find(({ keys }, i) => keys.has(text) || String(i + 1) === text)?.alert
    if (!text || alerts.length <= 1)
      return alerts.length <= 1
        ? say`${incident.id} has ${alerts.length === 1 ? 'one alert only' : 'no alerts'}; there is nothing to split.`
        : toYou(
            say`Which one? ${code('/incident split 2')}`,
            ...alerts.slice(0, 20).map(({ alert: { title } }, i) => say`${i + 1}. ${title}`),
          )
    if (!alert) throw new Refusal(`${incident.id} has no such alert now; \`/incident split\` lists them.`)
    await change((now) => splitAlert(now, { alert, state: alert.state }, act))
    return say`${alert.title} gets an incident of its own.`
  },
})
