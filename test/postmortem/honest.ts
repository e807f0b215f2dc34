import type { IncidentEvent } from '../../src/incident/event.ts'
import type { Snapshot } from '../../src/incident/evidence.ts'
import type { PostmortemData } from '../../src/postmortem/postmortem.ts'
import { logged, looked, MINUTE, NOW } from './drafts.ts'

export const ADA = 'U0ADA0001'
export const alert = (minutes: number): IncidentEvent => {
  const startsAt = NOW + minutes * MINUTE
  return {
    type: 'declared',
    at: NOW,
    by: 'pagerduty',
    title: 'High latency',
    severity: 'sev2',
    status: 'investigating',
    service: 'shipping',
    private: false,
    drill: false,
    alert: { key: 'pagerduty:P1', source: 'pagerduty', state: 'firing', title: 'High latency', labels: {}, startsAt },
  }
}
export const status = (
  to: 'identified' | 'mitigated' | 'investigating' | 'resolved',
  minutes: number,
): IncidentEvent => ({
  type: 'status_changed',
  at: NOW + minutes * MINUTE,
  by: ADA,
  status: to,
})
export const change = (minutes: number, more: object): IncidentEvent => {
  const at = NOW + minutes * MINUTE
  const key = `github:deployment:${minutes}:succeeded`
  return {
    type: 'change_seen',
    at,
    by: 'github',
    change: { key, source: 'github', kind: 'deploy', title: 'Deployed shop', service: 'shop', at, ...more },
  }
}

/** The document of an incident with these graphs, looked at when it was over. */
export const drafted = async (events: IncidentEvent[], snapshots: Snapshot[] = []): Promise<PostmortemData> => {
  const postmortems = await logged((hashes) => [...events, looked(snapshots, hashes)], {}, snapshots)
  return (await postmortems.data('INC-1')) as PostmortemData
}
export const figure = ({ numbers }: PostmortemData, name: string) => numbers.find((one) => one.name === name)
export const prompts = ({ lessons }: PostmortemData) => ({
  well: lessons.well.prompts.map(String).join('\n'),
  wrong: lessons.wrong.prompts.map(String).join('\n'),
})
export const impact = (data: PostmortemData) => data.impact.known.map(String)

/** High from 20 min before the alert to 20 min after it. */
export const bump = (low: number, high: number) => (minute: number) => (minute >= -20 && minute <= 20 ? high : low)
