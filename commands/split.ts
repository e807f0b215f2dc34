import { z } from 'zod'
import { code, defineIncidentCommand, Refusal, say, toYou } from '../src/conversation/command.ts'
import { splitAlert } from '../src/incident/alert-decisions.ts'
import { alertsOf } from '../src/incident/alerts-of.ts'

const LISTED = 20

export default defineIncidentCommand({
  summary: 'Move an alert to an incident of its own',
  usage: 'split [number]',
  examples: ['split 2'],
  input: z.object({ text: z.string() }),
  async run({ text }, { act, change, events, incident }) {
    const alerts = alertsOf(await events())
    if (alerts.length <= 1)
      return say`${incident.id} has ${alerts.length === 1 ? 'only one alert' : 'no alerts'}, so there is nothing to split.`
    if (!text)
      return toYou(
        say`Which one? ${code('/incident split 2')}`,
        ...alerts.slice(0, LISTED).map(({ alert: { title } }, i) => say`${i + 1}. ${title}`),
      )
    const alert = alerts.find(({ keys }, i) => keys.has(text) || String(i + 1) === text)?.alert
    if (!alert) throw new Refusal(`${incident.id} has no such alert. \`/incident split\` lists them.`)
    await change((now) => splitAlert(now, { alert, state: alert.state }, act))
    return say`${alert.title} moves to an incident of its own.`
  },
})
