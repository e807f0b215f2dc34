import type { Service } from '../../src/incident/service.ts'
import type { UserAction } from '../slack/client-api.ts'
import type { SlackSession } from './slack-session.ts'
import type { LogLine, World } from './world.ts'

/** A deploy or change of the story; before its start too: "no deploy in two days" needs the one two days ago. */
export type StoryChange = {
  atMs: number
  service: string
  kind: 'deploy' | 'config' | 'migration'
  title: string
  revision?: string
  by: string
  outcome?: 'started' | 'succeeded' | 'failed' | 'rolled_back'
}

/** One alert as a monitoring system groups it with others. */
export type StoryAlert = {
  name: string
  service: string
  severity: 'critical' | 'error' | 'warning' | 'info'
  summary: string
  description?: string
  /** Labels beside `alertname`, `service`, `severity`. */
  labels?: Record<string, string>
  /** When it began to fire, story time. */
  startsAtMs: number
  /** When it stopped, once it has. */
  endsAtMs?: number
  query?: string
  runbookUrl?: string
  /** Grafana: what its expressions were worth. */
  values?: Record<string, number>
}

/** What one step does, always through a public door: an HTTP webhook of Muster, PagerDuty's API, or a person in Slack. */
export type StepAction =
  /**
   * Monitoring raises an event at PagerDuty, which pages and tells Muster. `key` names it for later steps; `service` is a
   * catalogue id. */
  | {
      kind: 'page'
      key: string
      service: string
      title: string
      severity: 'critical' | 'error' | 'warning' | 'info'
      details: Record<string, string>
    }
  /** Somebody does something in PagerDuty. `by` is a person's handle. */
  | { kind: 'pagerduty'; key: string; does: 'acknowledge' | 'resolve'; by: string }
  | { kind: 'pagerduty'; key: string; does: 'note'; by: string; text: string }
  /** `group` is what Alertmanager groups by; `added` when the group has told of some of its alerts before. */
  | { kind: 'alertmanager'; group: Record<string, string>; added?: boolean; alerts: StoryAlert[] }
  | { kind: 'grafana'; folder: string; alerts: StoryAlert[] }
  | {
      kind: 'cloudwatch'
      alarm: string
      description: string
      namespace: string
      metric: string
      dimensions: Record<string, string>
      threshold: number
      state: 'ALARM' | 'OK'
      reason: string
    }
  /** GitHub tells of a deployment's status. */
  | {
      kind: 'deployment'
      repository: string
      service: string
      sha: string
      description: string
      by: string
      state: 'in_progress' | 'success' | 'failure'
    }
  | { kind: 'change'; change: Omit<StoryChange, 'atMs'> }
  /** A person acts on what they see in Slack; nothing when they do not find what they act on. */
  | { kind: 'person'; who: string; act: (seen: SlackSession) => Promise<UserAction[]> }
  | { kind: 'nothing' }

export type Step = {
  /** Story time. */
  atMs: number
  /** One line for whoever watches; the clock time of the story is put before it. */
  caption: string
  act: StepAction
}

/** One step in a line. `atMs` is story time, as `minutes(5, 20)` gives it. */
export const at = (atMs: number, caption: string, act: StepAction): Step => ({ atMs, caption, act })

export type Weekday = 'Monday' | 'Tuesday' | 'Wednesday' | 'Thursday' | 'Friday' | 'Saturday' | 'Sunday'

/** An incident that is told: what can be measured, and who does what when. */
export type Story = {
  id: string
  title: string
  /** One line. */
  description: string
  /** The day of the week and the clock time at which it begins, `Saturday` and `03:00`, and whose clock that is. */
  opensOn: Weekday
  opensAt: string
  timezone: string
  /** The catalogue entries of its services. */
  services: Service[]
  world: World
  logs: LogLine[]
  changes: StoryChange[]
  /** Handles of the people that take part. */
  people: string[]
  steps: Step[]
}

/** The story's clock at a story time: `03:05`. */
export const clockTime = ({ opensAt }: Story, atMs: number): string => {
  const [hour = 0, minute = 0] = opensAt.split(':').map(Number)
  const total = (((hour * 60 + minute + Math.floor(atMs / 60_000)) % 1440) + 1440) % 1440
  return `${String(Math.floor(total / 60)).padStart(2, '0')}:${String(total % 60).padStart(2, '0')}`
}

/** When its last step happens, story time. */
export const durationMs = ({ steps }: Story): number => steps.at(-1)?.atMs ?? 0
