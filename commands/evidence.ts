import { z } from 'zod'
import { defineIncidentCommand, Refusal, say } from '../src/conversation/command.ts'
import { requestEvidence } from '../src/incident/decide.ts'

/** Slack writes a link as `<https://...>` or `<https://...|words>`. */
const linkIn = (text: string): string => /^<([^|>]+)(?:\|[^>]*)?>$/.exec(text.trim())?.[1] ?? text.trim()

const isPanelLink = (text: string): boolean =>
  URL.canParse(text) && /\/d(-solo)?\/[\w-]+/.test(text) && /[?&](viewPanel|panelId)=/.test(text)

const PanelLink = z
  .string()
  .refine(
    (text) => text === '' || isPanelLink(text),
    'type just `evidence`, or add the link to one panel of Grafana, as Share on the panel gives it: `evidence https://grafana.example/d/abc?viewPanel=4`',
  )

export default defineIncidentCommand({
  summary: 'Fetch fresh graphs and logs',
  usage: 'evidence [link to a Grafana panel]',
  aliases: ['graphs', 'charts'],
  input: z.object({ text: z.string().transform(linkIn).pipe(PanelLink) }),
  async run({ text: panel }, { act, change, evidenceSources }) {
    if (evidenceSources.length === 0)
      throw new Refusal(
        'No source of graphs or logs is connected. Whoever runs Muster can set `PROMETHEUS_URL`, `LOKI_URL` or `GRAFANA_URL`.',
      )
    await change((incident) => requestEvidence(incident, { phase: 'asked', ...(panel ? { panel } : {}) }, act))
    return say`On it: fresh graphs will be in the summary and its thread in a moment.`
  },
})
