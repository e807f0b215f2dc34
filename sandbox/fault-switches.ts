import type { Fault } from './control-routes.ts'
import type { Fault as ServerFault } from './faults.ts'
import type { FakeSlack } from './slack/server.ts'

/** Longer than Muster's time limit for evidence queries. */
const SLOW_MS = 15_000

type Breakable = { setFault(fault: ServerFault): void }

export type FaultParts = {
  slack: Pick<FakeSlack, 'faults'>
  prometheus?: Breakable
  grafana?: Breakable
  pagerduty?: Breakable
  /** Kills Muster and restarts it. */
  restart?: () => Promise<void>
}

/** The page's fault switches, for the services this sandbox has. */
export function faultSwitches({ slack, prometheus, grafana, pagerduty, restart }: FaultParts): Fault[] {
  const limited = turnable((on) => {
    slack.faults.clear()
    if (on) slack.faults.add({ kind: 'rate_limit', method: '*', times: 1_000_000, retryAfterS: 3 })
  })
  const server = (part: Breakable, fault: ServerFault) => turnable((on) => part.setFault(on ? fault : { kind: 'none' }))
  return [
    {
      name: 'slack-429',
      label: 'Slack rate limits',
      description: 'Every Web API call gets a 429 with Retry-After: 3.',
      ...limited,
    },
    ...(grafana
      ? [
          {
            name: 'grafana-dead',
            label: 'Grafana is down',
            description: 'Connections are closed without a response.',
            ...server(grafana, { kind: 'dead' }),
          },
        ]
      : []),
    ...(prometheus
      ? [
          {
            name: 'prometheus-slow',
            label: 'Prometheus is slow',
            description: `Queries take ${SLOW_MS / 1000} s.`,
            ...server(prometheus, { kind: 'slow', delayMs: SLOW_MS }),
          },
        ]
      : []),
    ...(pagerduty
      ? [
          {
            name: 'pagerduty-failing',
            label: 'PagerDuty is failing',
            description: "Muster's calls get a 500 with a body that is not JSON. Pages from monitoring still arrive.",
            ...server(pagerduty, { kind: 'failing' }),
          },
        ]
      : []),
    ...(restart
      ? [
          {
            name: 'restart',
            label: 'Kill and restart Muster',
            description: 'SIGKILL in the middle of its work; watch the outbox resume.',
            once: true,
            isOn: () => false,
            turn: restart,
          },
        ]
      : []),
  ]
}

const turnable = (apply: (on: boolean) => void) => {
  let isOn = false
  return {
    isOn: () => isOn,
    turn: (on: boolean) => {
      isOn = on
      apply(on)
    },
  }
}
