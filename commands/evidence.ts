import { z } from 'zod'
import { defineIncidentCommand, Refusal, say } from '../src/conversation/command.ts'
import { linksIn, panelLinkIn } from '../src/conversation/panel-links.ts'
import { requestEvidence } from '../src/incident/decide.ts'
import { isOver } from '../src/incident/status.ts'

export default defineIncidentCommand({
  summary: 'Fetch fresh graphs and logs, or freeze a panel of Grafana',
  usage: 'evidence [link to a panel or dashboard of Grafana]',
  examples: [
    'evidence',
    'evidence https://grafana.example.com/d/shipping/shipping?viewPanel=4',
    'evidence https://grafana.example.com/d/shipping/shipping?var-region=eu',
  ],
  aliases: ['graphs', 'charts'],
  input: z.object({
    text: z.string().refine((text) => text.trim() === '' || linksIn(text).length > 0, {
      message:
        'type just `evidence` for fresh graphs and logs, or add the link to one panel of Grafana, as Share on the panel gives it: `evidence https://grafana.example.com/d/shipping/shipping?viewPanel=4`',
    }),
  }),
  async run({ text }, { act, change, incident, evidenceSources, grafana }) {
    if (isOver(incident))
      throw new Refusal(`${incident.id} is ${incident.status}, and nothing is collected for it any more.`)
    const [link] = linksIn(text)
    if (link && !grafana)
      throw new Refusal(
        'No Grafana is connected, so the link cannot be followed. Whoever runs Muster can set `GRAFANA_URL` and `GRAFANA_TOKEN`.',
      )
    const panel = panelLinkIn(text, grafana)
    if (link && !panel)
      throw new Refusal(
        `That link leads to no panel or dashboard of ${grafana?.base}. Open the panel there, choose Share, and use the long link: it has \`/d/\` in it.`,
      )
    if (evidenceSources.length === 0)
      throw new Refusal(
        'No source of graphs or logs is connected. Whoever runs Muster can set `PROMETHEUS_URL`, `LOKI_URL` or `GRAFANA_URL`.',
      )
    await change((incident) => requestEvidence(incident, { phase: 'asked', ...(panel ? { panel } : {}) }, act))
    return panel
      ? say`On it: what Grafana shows now will be in the summary and its thread in a moment, and in the postmortem.`
      : say`On it: fresh graphs will be in the summary and its thread in a moment.`
  },
})
