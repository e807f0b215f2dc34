import { z } from 'zod'
import { code, defineIncidentCommand, Refusal, say, toYou } from '../src/command.ts'
import type { Alert } from '../src/incident/alert.ts'
import { splitAlert } from '../src/incident/alert-decisions.ts'
import type { RecordedEvent } from '../src/incident/event.ts'

export default defineIncidentCommand({
  summary: 'An alert does not belong here: give it an incident of its own',
  usage: 'split [number]',
  examples: ['split 2'],
  input: z.object({ text: z.string() }),
  async run({ text }, { act, change, events, incident }) {
    const alerts = alertsOf(await events())
    const alert = alerts.find(({ key }, i) => key === text || String(i + 1) === text)
    if (!text || alerts.length <= 1)
      return alerts.length <= 1
        ? say`${incident.id} has ${alerts.length === 1 ? 'one alert only' : 'no alerts'}; there is nothing to split.`
        : toYou(
            say`Which one? ${code('/incident split 2')}`,
            ...alerts.slice(0, 20).map(({ title }, i) => say`${i + 1}. ${title}`),
          )
    if (!alert) throw new Refusal(`${incident.id} has no such alert now; \`/incident split\` lists them.`)
    await change((now) => splitAlert(now, { alert, state: alert.state }, act))
    return say`${alert.title} gets an incident of its own.`
  },
})

/** The alerts that belong to it now, oldest first, each as it last stood. */
const alertsOf = (events: readonly RecordedEvent[]): Alert[] => {
  const alerts = new Map<string, Alert>()
  for (const event of events) {
    if (event.type === 'alert_joined') alerts.set(event.alert.key, event.alert)
    if (event.type === 'declared' && event.alert) alerts.set(event.alert.key, event.alert)
    if (event.type === 'alert_left') alerts.delete(event.alertKey)
    const quiet = event.type === 'alert_resolved' ? alerts.get(event.alertKey) : undefined
    if (quiet) alerts.set(quiet.key, { ...quiet, state: 'resolved' })
  }
  return [...alerts.values()]
}
