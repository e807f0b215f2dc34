import type { TopologyParts } from './assemble-topology.ts'
import type { Charts } from './charts/charts.ts'
import type { Config } from './config/config.ts'
import type { Documents } from './documents.ts'
import { createCommanders } from './engine/commanders.ts'
import { createEvidence } from './engine/evidence.ts'
import type { Pause } from './engine/pause.ts'
import type { Recorder } from './engine/record.ts'
import { createSuspects } from './engine/suspects.ts'
import { keepsMessages } from './incident/channel-message.ts'
import type { EffectHandlers } from './incident/effect-handler.ts'
import type { IncidentEvent } from './incident/event.ts'
import type { Incident } from './incident/incident.ts'
import { labelsOf } from './incident/labels.ts'
import { present } from './incident/outside.ts'
import { applyRules } from './incident/rules.ts'
import { isActive } from './incident/status.ts'
import type { Vocabulary } from './incident/vocabulary.ts'
import { createAlertMoves } from './intake/alert-moves.ts'
import { pageKey } from './intake/alerts.ts'
import type { Changes } from './intake/changes.ts'
import { gitEffects } from './integrations/git/effects.ts'
import { grafanaEffects } from './integrations/grafana/effects.ts'
import { outgoingEffects } from './integrations/outgoing/effects.ts'
import { pagerdutyIncidentOf } from './integrations/pagerduty/client.ts'
import type { Echo } from './integrations/pagerduty/echo.ts'
import { pagerdutyEffects } from './integrations/pagerduty/effects.ts'
import type { Slack } from './integrations/slack/client.ts'
import { slackEffects } from './integrations/slack/effects/effects.ts'
import type { Files } from './integrations/slack/files.ts'
import type { People } from './integrations/slack/people.ts'
import type { Poster } from './integrations/slack/post.ts'
import type { Integrations } from './integrations.ts'
import type { Learning } from './learning/learning.ts'
import { machineSummaries } from './machine-summaries.ts'
import type { Breakers } from './platform/breaker.ts'
import type { Log } from './platform/log.ts'
import type { Metrics } from './platform/metrics.ts'
import { exportFiles } from './postmortem/formats.ts'
import type { Draft, Postmortems } from './postmortem/postmortem.ts'
import type { Store } from './store/store.ts'

export type HandlersOptions = Config & {
  breakers: Breakers
  words: Vocabulary
  integrations: Integrations
  store: Store
  record: Recorder
  slack: Slack
  poster: Poster
  files: Files
  people: People
  groupMembers(group: string, signal: AbortSignal): Promise<readonly string[]>
  charts: Charts
  documents: Documents['links']
  postmortems: Postmortems
  learning: Learning
  topology: TopologyParts
  changes: Changes
  pause: Pause
  echo: Echo
  now: () => number
  log: Log
  metrics: Metrics
}

/** Who does which effect: every vendor's handlers, and those that need no vendor. */
export const effectHandlers = (options: HandlersOptions): EffectHandlers => {
  const { env, file, catalogue, breakers, words, integrations, store, record, slack, poster, files, people } = options
  const { charts, documents, postmortems, learning, topology, changes, pause, echo, now, log, metrics } = options
  const { pagerduty } = integrations
  const evidence = createEvidence({
    sources: integrations.evidenceSources,
    store,
    catalogue,
    dependenciesOf: (service) => topology.known.seen().get(service) ?? [],
    lookbackMs: file.evidence.lookbackMinutes * 60_000,
    timeoutMs: file.evidence.timeoutSeconds * 1000,
    detailsOf: async (alert, signal) => {
      const id = pagerdutyIncidentOf(alert.key)
      const all = pagerduty && id ? await pagerduty.alerts(id, signal) : []
      const [first] = all
      return {
        ...present({
          query: all.find((one) => one.query)?.query,
          runbookUrl: all.find((one) => one.runbookUrl)?.runbookUrl,
          dashboardUrl: all.find((one) => one.dashboardUrl)?.dashboardUrl,
          value: first?.labels.value,
        }),
        ...(first && Object.keys(first.labels).length > 0 ? { labels: first.labels } : {}),
      }
    },
    now,
    log,
  })
  const outgoing = outgoingEffects({
    endpoints: file.outgoing,
    secrets: env.OUTGOING_WEBHOOK_SECRET ?? [],
    statuspageKey: env.STATUSPAGE_API_KEY,
    instatusKey: env.INSTATUS_API_KEY,
    labels: labelsOf(words),
    documents,
    memory: store,
    personOf: people.person,
    guardOf: breakers.guard,
    now,
    wallClock: Date.now,
  })
  return {
    ...createCommanders({ record, severities: file.severities, now }),
    ...createAlertMoves({ record, store, catalogue, now }),
    ...slackEffects({
      slack,
      poster,
      words,
      now,
      naming: { pattern: file.slack.channelPattern, prefix: file.slack.channelPrefix },
      renameChannels: file.slack.renameChannels,
      channels: file.slack,
      snapshot: store.snapshot,
      chartPng: (snapshot) => charts.png(snapshot, { zone: file.timezone }),
      // Where access is restricted, `/incident postmortem` hands out the links.
      documents: file.permissions.export ? () => undefined : documents,
      canvas: postmortems.canvas,
      memory: store,
      files,
      freeze: store.freeze,
      incident: store.read,
      similarTo: learning.found,
      personOf: people.person,
      groupMembers: options.groupMembers,
      latestEvents: (id, last) => store.events(id, { last }),
    }),
    ...pagerdutyEffects({
      pagerduty,
      catalogue,
      slackIdOf: people.byEmail,
      alertKeys: (id) => store.alertKeys(id),
      pageKey,
      personOf: people.person,
      priorities: { severities: file.severities.map(({ id }) => id), named: file.pagerduty.priorities },
      memory: store,
      echo,
      isPaused: pause.isPaused,
      now,
    }),
    // Twice is harmless: what it finds is recorded once.
    apply_settings: async (_effect, context) => [
      ...outgoing.queued(context),
      ...applyRules(file.rules, context.cause, context.incident, { catalogue, at: now() }),
    ],
    send_webhook: outgoing.send_webhook,
    ...gitEffects({
      repository: file.postmortems.git && {
        ...file.postmortems.git,
        url: file.postmortems.git.repository,
        token: env.POSTMORTEM_GIT_TOKEN,
      },
      files: (id) => exportFiles(postmortems, id, file.postmortems.git?.formats ?? []),
      guard: breakers.guard('Git'),
      now,
    }),
    ...grafanaEffects({
      grafana: file.grafana.annotations ? integrations.grafana : undefined,
      now,
      log,
    }),
    ...createSuspects({ source: topology.known.source, store, now, log, metrics }),
    draw_topology: topology.callGraphs.draw_topology,
    ...learning.handlers,
    // Twice is harmless: there is nothing left to delete.
    forget_messages: async (_effect, { incident }) => {
      if (!keepsMessages(file.slack.keepMessages, incident)) await store.messages.forget(incident.id)
      return []
    },
    find_changes: changes.find,
    collect_evidence: evidence,
    look_again: evidence,
    ...machineSummaries({
      env,
      file,
      catalogue,
      store,
      now,
      nameOf: async (person) => (await people.personAtOnce(person))?.name ?? person,
    }),
    // Reopened in the meantime: there is nothing to report yet. Drafting twice gives the same text, derived from the
    // log alone.
    draft_postmortem: async (_effect, { incident }): Promise<IncidentEvent[]> => {
      if (isActive(incident.status)) return []
      const draft = await postmortems.draft(incident.id)
      if (draft?.warning)
        log.warn('the operator\u2019s template could not be used', { incident: incident.id, reason: draft.warning })
      return [
        ...impactEstimate(incident, draft?.estimate, now()),
        {
          type: 'postmortem_drafted' as const,
          version: incident.drafts + 1,
          by: 'muster',
          at: now(),
          ...(draft?.heldAt === undefined ? {} : { heldAt: draft.heldAt }),
        },
      ]
    },
  }
}

/**
 * Records the start of the impact as derived from a graph, once: unless a person recorded it or it is already known.
 */
const impactEstimate = ({ milestones }: Incident, estimate: Draft['estimate'], at: number): IncidentEvent[] => {
  const known = milestones.impact_started
  if (!estimate || known?.corrected || (known?.estimate && known.at === estimate.at)) return []
  const { at: time, source } = estimate
  return [{ type: 'milestone_set', milestone: 'impact_started', time, source, estimate: true, by: 'muster', at }]
}
