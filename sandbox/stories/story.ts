import type { Service } from '../../src/incident/service.ts'
import type { UserAction } from '../slack/client-api.ts'
import type { SlackSession } from './slack-session.ts'
import type { LogLine, World } from './world.ts'

/** A deploy or other change, possibly before the story begins: "no deploy in two days" needs the one two days ago. */
export type StoryChange = {
  atMs: number
  service: string
  kind: 'deploy' | 'config' | 'migration'
  title: string
  revision?: string
  by: string
  outcome?: 'started' | 'succeeded' | 'failed' | 'rolled_back'
}

/** One alert within a monitoring system's group. */
export type StoryAlert = {
  name: string
  service: string
  severity: 'critical' | 'error' | 'warning' | 'info'
  summary: string
  description?: string
  /** Labels beside `alertname`, `service`, `severity`. */
  labels?: Record<string, string>
  /** When it started firing, story time. */
  startsAtMs: number
  /** When it resolved, story time. */
  endsAtMs?: number
  query?: string
  runbookUrl?: string
  /** The panel of its service's dashboard that shows it, by number from 1. */
  panel?: number
  /** Grafana: values of its expressions. */
  values?: Record<string, number>
}

/** What a step does, always over a public interface: a Muster webhook, PagerDuty's API, or a person in Slack. */
export type StepAction =
  /** Monitoring triggers a PagerDuty incident. Later steps refer to it by `key`; `service` is a catalogue id. */
  | {
      kind: 'page'
      key: string
      service: string
      title: string
      severity: 'critical' | 'error' | 'warning' | 'info'
      details: Record<string, string>
    }
  /** A person acts in PagerDuty. `by` is their handle. */
  | { kind: 'pagerduty'; key: string; does: 'acknowledge' | 'resolve'; by: string }
  | { kind: 'pagerduty'; key: string; does: 'note'; by: string; text: string }
  /** `group` holds the `group_by` labels; `added` when the group has notified before. */
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
  /** A GitHub `deployment_status` webhook. */
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
  /** A person acts in Slack. No actions: what they need is not there, and the step fails. */
  | { kind: 'person'; who: string; act: (slack: SlackSession) => Promise<UserAction[]> }
  | { kind: 'nothing' }

export type Step = {
  /** Story time. */
  atMs: number
  /** One line for the viewer; the player puts the story's clock time before it. */
  caption: string
  act: StepAction
}

/** Shorthand for a step. `atMs` is story time: `minutes(5, 20)`. */
export const at = (atMs: number, caption: string, act: StepAction): Step => ({ atMs, caption, act })

export type Weekday = 'Monday' | 'Tuesday' | 'Wednesday' | 'Thursday' | 'Friday' | 'Saturday' | 'Sunday'

/** A scripted incident: its metrics, logs and changes, and who does what when. */
export type Story = {
  id: string
  title: string
  /** One line. */
  description: string
  /** Start of the story: weekday, local time (`03:00`) and IANA time zone. */
  opensOn: Weekday
  opensAt: string
  timezone: string
  /** Catalogue entries of the services involved. */
  services: Service[]
  world: World
  logs: LogLine[]
  changes: StoryChange[]
  /** Whether the shop's Grafana has an image renderer; yes unless said otherwise. */
  hasRenderer?: boolean
  /** Handles of the people involved. */
  people: string[]
  steps: Step[]
}

/** Story time of the last step. */
export const durationMs = ({ steps }: Story): number => steps.at(-1)?.atMs ?? 0
