import type { Config } from '../config/config.ts'
import { refOf, worthKeeping } from '../engine/evidence-kept.ts'
import { evidenceRequest } from '../engine/evidence-request.ts'
import { clusterPhrases } from '../incident/cluster-fact.ts'
import { messageOf } from '../incident/errors.ts'
import type { UsualSignals } from '../incident/event.ts'
import type { Snapshot } from '../incident/evidence.ts'
import { initial } from '../incident/incident.ts'
import { IDS } from '../incident/labels.ts'
import { plain, sourceName } from '../incident/phrase.ts'
import { snapshotPhrases } from '../incident/sentence.ts'
import { findService } from '../incident/service.ts'
import { clockIn } from '../incident/zone.ts'
import { integrationsOf } from '../integrations.ts'

export type TryOptions = { print(line: string): void; now?: () => number }

/**
 * Prints what an incident of a service would show right now, with nothing declared, posted or stored.
 * @returns false when no source answered
 */
export const tryEvidence = async (
  config: Config,
  named: string,
  { print, now = Date.now }: TryOptions,
): Promise<boolean> => {
  const { catalogue, file } = config
  const known = findService(catalogue, { service: named })
  const service = known?.id ?? named
  if (!known && catalogue.size > 0)
    print(`${named} is no service of muster.yaml; looking for metrics and log lines that carry this name`)
  const { evidenceSources } = integrationsOf({ ...config, now })
  if (evidenceSources.length === 0) {
    print('No source of evidence is configured. Set PROMETHEUS_URL, LOKI_URL or GRAFANA_URL.')
    return false
  }
  const request = evidenceRequest({ ...initial('INC-0'), service, declaredAt: now() - RECENT_MS }, [], {
    catalogue,
    lookbackMs: file.evidence.lookbackMinutes * 60_000,
    now: now(),
  })
  print(
    `${service}, and what it depends on: ${
      request.targets
        .slice(1)
        .map(({ id }) => id)
        .join(', ') || 'nothing declared'
    }`,
  )
  const limit = AbortSignal.timeout(file.evidence.timeoutSeconds * 1000)
  const facts = Promise.all(
    evidenceSources.map((source) => source.clusterFacts?.(request, limit).catch(() => []) ?? []),
  )
  const answers = await Promise.all(
    evidenceSources.map(async (source): Promise<Snapshot[]> => {
      try {
        return await source.collect(request, limit)
      } catch (error) {
        return [{ kind: 'missing', source: source.name, title: sourceName(source.name), reason: messageOf(error) }]
      }
    }),
  )
  const { kept, usual } = worthKeeping(answers.flat(), { span: request, catalogue, main: service, alerting: [service] })
  for (const one of kept) {
    if (one.standing === 'usual') continue
    const mark = one.snapshot.kind === 'missing' ? 'missing' : one.standing === 'also' ? 'also   ' : 'shown  '
    print(`${mark} ${plain(snapshotPhrases(refOf('', one, false), file.timezone))}`)
  }
  const labels = { ...IDS, service: (id: string) => catalogue.get(id)?.name ?? id }
  for (const fact of (await facts).flat())
    print(`cluster ${clockIn(file.timezone).time(fact.since)} ${plain(clusterPhrases(fact, labels))}`)
  for (const line of usual.map(usualWords)) print(`usual   ${line}`)
  return kept.some(({ snapshot }) => snapshot.kind !== 'missing') || usual.length > 0
}

/** The last minutes stand for an incident that has just begun. */
const RECENT_MS = 5 * 60_000

const usualWords = ({ service, titles, count }: UsualSignals): string =>
  `${service ?? 'no service'}: ${titles.join(', ')}${count > titles.length ? ` and ${count - titles.length} more` : ''}`
