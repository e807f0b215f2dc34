import type { IRouter } from 'express'
import type { OutboxRow, Speed, SubcommandView } from './control-api.ts'
import { controlRoutes } from './control-routes.ts'
import type { ExchangeLog } from './exchange-log.ts'
import { faultSwitches } from './fault-switches.ts'
import { forwardToMuster } from './forward.ts'
import { pageFiles } from './page-files.ts'
import { SANDBOX_SECRETS, type Sandbox } from './sandbox.ts'
import type { DeliveryObserver } from './slack/observe-delivery.ts'
import type { StoryClock } from './stories/clock.ts'
import { createStoryController } from './story-controller.ts'
import { type Peer, tapServers } from './wire-tap.ts'

export type ControlPanelOptions = {
  /** The page and its routes are mounted here; the fake Slack forwards every request it does not handle itself. */
  app: IRouter
  sandbox: Sandbox
  /** Created before the sandbox, which records Slack's deliveries in it: see `recordDeliveries`. */
  exchanges: ExchangeLog
  clock: StoryClock
  /** Muster's base URL, read on every request: a restart may change it. */
  musterUrl: () => string
  /** Resolves when Muster's outbox is empty. */
  settled: () => Promise<void>
  /** Runs Muster's timers on the story's clock: see the player. */
  catchUp?: () => Promise<number | undefined>
  /** Story to start immediately; otherwise the visitor picks one. */
  scenario?: string | undefined
  /** Initial playback speed. */
  speed?: Speed | undefined
  /** Pending rows of Muster's outbox, oldest first. */
  outbox?: () => Promise<OutboxRow[]>
  /** Muster's sub-commands, for completion in the composer. */
  subcommands?: () => SubcommandView[]
  /** Kills Muster and restarts it. */
  restart?: () => Promise<void>
}

/** Serves the page, the stories, the request inspector and the fault switches for a sandbox. `stop` ends the current story. */
export function openControlPanel(options: ControlPanelOptions): { stop(): void } {
  const { app, sandbox, exchanges, clock, musterUrl, settled, catchUp, outbox, subcommands, restart } = options
  const untap = tapServers({ exchanges, peerOf: (port, path) => peerOf(options, port, path), now: clock.now })
  const controller = createStoryController({
    stories: sandbox.stories,
    clock,
    speed: options.speed,
    open: (story, onEvent) => sandbox.play(story, settled, onEvent, catchUp ? { catchUp } : {}),
  })
  if (options.scenario !== undefined) {
    controller.choose(options.scenario)
    controller.play()
  }
  app.use(
    pageFiles(),
    controlRoutes({
      player: controller,
      exchanges,
      faults: faultSwitches({ ...sandbox, ...(restart ? { restart } : {}) }),
      ...(outbox ? { outbox } : {}),
      ...(subcommands ? { subcommands } : {}),
    }),
    forwardToMuster(musterUrl, SANDBOX_SECRETS.metricsToken),
  )
  return {
    stop() {
      controller.stop()
      untap()
    },
  }
}

/** Which service a request to one of the sandbox's ports belongs to. Webhooks to Muster are recorded by Muster's own process. */
function peerOf({ sandbox }: ControlPanelOptions, port: number, path: string): Peer | undefined {
  const at = (url: string) => Number(new URL(url).port) === port
  if (at(sandbox.slack.url)) return isSlackPath(path) ? { with: 'slack', direction: 'out' } : undefined
  if (at(sandbox.pagerduty.url)) return { with: 'pagerduty', direction: 'out' }
  if (at(sandbox.prometheus.url)) return { with: 'prometheus', direction: 'out' }
  if (at(sandbox.loki.url)) return { with: 'loki', direction: 'out' }
  if (at(sandbox.grafana.url)) return { with: 'grafana', direction: 'out' }
  return undefined
}

/** Paths of the fake Slack itself; everything else on its port belongs to the page. */
const isSlackPath = (path: string) => /^\/(api|upload|commands|actions|app)\//.test(path)

/** Records what Slack sends to Muster over Socket Mode: commands, clicks, events. */
export const recordDeliveries =
  (exchanges: ExchangeLog): DeliveryObserver =>
  ({ kind, payload }, receipt, took) => {
    const { command, text, type, event } = payload as Record<string, string> & { event?: { type: string } }
    exchanges.add({
      with: 'slack',
      direction: 'in',
      method: 'SOCKET',
      path: [kind, command ?? event?.type ?? type, text].filter(Boolean).join(' '),
      request: JSON.stringify(payload),
      ...(receipt ? { status: receipt.acked ? 200 : 0, took, response: JSON.stringify(receipt) } : {}),
    })
  }
