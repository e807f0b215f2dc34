import type { Fault } from './control-routes.ts'
import type { Fault as ServerFault } from './faults.ts'
import type { FakeSlack } from './slack/server.ts'

/** Longer than Muster waits for a piece of evidence. */
const SLOW_MS = 15_000

type Breakable = { setFault(fault: ServerFault): void }

export type FaultParts = {
  slack: Pick<FakeSlack, 'faults'>
  prometheus?: Breakable
  grafana?: Breakable
  pagerduty?: Breakable
  /** Ends Muster without a goodbye and starts it again. */
  restart?: () => Promise<void>
}

/** The switches of the page, over the parts of the sandbox that are there. */
export function faultSwitches({ slack, prometheus, grafana, pagerduty, restart }: FaultParts): Fault[] {
  const limited = turnable((on) => {
    slack.faults.clear()
    if (on) slack.faults.add({ kind: 'rate_limit', method: '*', times: 1_000_000, retryAfterS: 3 })
  })
  const server = (part: Breakable, fault: ServerFault) => turnable((on) => part.setFault(on ? fault : { kind: 'none' }))
  return [
    {
      name: 'slack-429',
      label: 'Slack is busy',
      description: 'Every call to Slack is answered 429, come back in 3 s.',
      ...limited,
    },
    ...(grafana
      ? [
          {
            name: 'grafana-dead',
            label: 'Grafana is dead',
            description: 'Connections are cut without a word.',
            ...server(grafana, { kind: 'dead' }),
          },
        ]
      : []),
    ...(prometheus
      ? [
          {
            name: 'prometheus-slow',
            label: 'Prometheus is slow',
            description: `It answers truly, but ${SLOW_MS / 1000} s late.`,
            ...server(prometheus, { kind: 'slow', delayMs: SLOW_MS }),
          },
        ]
      : []),
    ...(pagerduty
      ? [
          {
            name: 'pagerduty-failing',
            label: 'PagerDuty fails',
            description: 'It answers 500, with a page that is no JSON.',
            ...server(pagerduty, { kind: 'failing' }),
          },
        ]
      : []),
    ...(restart
      ? [
          {
            name: 'restart',
            label: 'Kill and restart Muster',
            description: 'In the middle of whatever it does; watch the outbox go on.',
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
