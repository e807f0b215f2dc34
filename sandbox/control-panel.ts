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
import { type Party, tapServers } from './wire-tap.ts'

export type ControlPanelOptions = {
  /** Where the page and its routes are mounted: what the fake Slack hands everything to that is not its own. */
  app: IRouter
  sandbox: Sandbox
  /** Made first, as the sandbox is told to note in it what Slack sends: `recordDeliveries`. */
  exchanges: ExchangeLog
  clock: StoryClock
  /** Muster's own address; asked again at each request. */
  musterUrl: () => string
  /** Resolves when Muster has done everything it knows to do. */
  settled: () => Promise<void>
  /** The story that begins at once; without one the visitor chooses. */
  scenario?: string | undefined
  /** Story seconds a real second, until somebody chooses another speed. */
  speed?: Speed | undefined
  /** What waits in Muster's outbox, oldest first. */
  outbox?: () => Promise<OutboxRow[]>
  /** Muster's sub-commands, for the composer. */
  subcommands?: () => SubcommandView[]
  /** Kills Muster and starts it again. */
  restart?: () => Promise<void>
}

/** Puts the page, the stories, the inspector and the switches over a sandbox. `stop` ends the story that is played. */
export function openControlPanel(options: ControlPanelOptions): { stop(): void } {
  const { app, sandbox, exchanges, clock, musterUrl, settled, outbox, subcommands, restart } = options
  const untap = tapServers({ exchanges, partyOf: (port, path) => partyOf(options, port, path), now: clock.now })
  const shelf = createStoryController({
    stories: sandbox.stories,
    clock,
    speed: options.speed,
    open: (story, onEvent) => sandbox.play(story, settled, onEvent),
  })
  if (options.scenario !== undefined) {
    shelf.choose(options.scenario)
    shelf.play()
  }
  app.use(
    pageFiles(),
    controlRoutes({
      player: shelf,
      exchanges,
      faults: faultSwitches({ ...sandbox, ...(restart ? { restart } : {}) }),
      ...(outbox ? { outbox } : {}),
      ...(subcommands ? { subcommands } : {}),
    }),
    forwardToMuster(musterUrl, SANDBOX_SECRETS.metricsToken),
  )
  return {
    stop() {
      shelf.stop()
      untap()
    },
  }
}

/** Who speaks when a request is answered at a port: the stand-ins are asked by Muster, which notes itself what it is asked. */
function partyOf({ sandbox }: ControlPanelOptions, port: number, path: string): Party | undefined {
  const at = (url: string) => Number(new URL(url).port) === port
  if (at(sandbox.slack.url)) return isSlacks(path) ? { with: 'slack', direction: 'out' } : undefined
  if (at(sandbox.pagerduty.url)) return { with: 'pagerduty', direction: 'out' }
  if (at(sandbox.prometheus.url)) return { with: 'prometheus', direction: 'out' }
  if (at(sandbox.loki.url)) return { with: 'loki', direction: 'out' }
  if (at(sandbox.grafana.url)) return { with: 'grafana', direction: 'out' }
  return undefined
}

/** The fake Slack's own addresses; the rest of its port is the page. */
const isSlacks = (path: string) => /^\/(api|upload|commands|actions|app)\//.test(path)

/** Notes what Slack sends to Muster over its socket: commands, clicks, events. */
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
