import express, { type ErrorRequestHandler, type Router } from 'express'
import { z } from 'zod'
import type {
  ControlView,
  Exchange,
  FaultSwitch,
  InspectorView,
  OutboxRow,
  StoryProgress,
  StoryResult,
  StoryView,
  SubcommandView,
} from './control-api.ts'
import { openEventStream } from './event-stream.ts'
import type { ExchangeLog } from './exchange-log.ts'

/** Plays stories. Every call may be made in any state; one that makes no sense throws, and its message is shown. */
export type StoryPlayer = {
  stories(): StoryView[]
  progress(): StoryProgress
  choose(story: string): void | Promise<void>
  play(): void | Promise<void>
  pause(): void | Promise<void>
  /** Plays one step and pauses. */
  step(): void | Promise<void>
  setSpeed(speed: StoryProgress['speed']): void | Promise<void>
  /** Calls back at every change until the returned function is called. */
  watch(listener: (progress: StoryProgress) => void): () => void
}

/** Something that can be broken on purpose: `turn` breaks or mends it; one with `once` is pressed, not turned. */
export type Fault = Omit<FaultSwitch, 'on'> & { isOn(): boolean; turn(on: boolean): void | Promise<void> }

export type ControlRoutesOptions = {
  player: StoryPlayer
  exchanges: ExchangeLog
  faults: Fault[]
  /** What waits in Muster's outbox, oldest first. */
  outbox?: () => OutboxRow[] | Promise<OutboxRow[]>
  /** Muster's sub-commands, for the composer. */
  subcommands?: () => SubcommandView[]
}

const Order = z.discriminatedUnion('do', [
  z.object({ do: z.literal('choose'), story: z.string() }),
  z.object({ do: z.enum(['play', 'pause', 'step']) }),
  z.object({ do: z.literal('speed'), speed: z.literal([0, 1, 10, 60]) }),
])

const Turn = z.object({ name: z.string(), on: z.boolean() })

/** The backstage routes under `/sandbox/`, over the parts that do the work. See `stage-view.ts`. */
export function controlRoutes({
  player,
  exchanges,
  faults,
  outbox = () => [],
  subcommands = () => [],
}: ControlRoutesOptions): Router {
  const routes = express.Router()
  const json = express.json()

  routes.get('/sandbox/story', (_request, response) => {
    const view: ControlView = { stories: player.stories(), progress: player.progress(), subcommands: subcommands() }
    response.json(view)
  })

  routes.post('/sandbox/story', json, async (request, response) => {
    const order = Order.safeParse(request.body)
    const answer: StoryResult = order.success
      ? await carryOut(player, order.data)
      : { ok: false, error: z.prettifyError(order.error) }
    response.status(answer.ok ? 200 : 400).json(answer)
  })

  routes.get('/sandbox/story/events', (_request, response) => {
    const unwatch = player.watch((progress) => send(progress))
    const send = openEventStream(response, unwatch)
    send(player.progress())
  })

  routes.get('/sandbox/inspector', async (request, response) => {
    const { contains = '', with: other = '' } = request.query as Record<string, string | undefined>
    const view: InspectorView = {
      exchanges: exchanges.list().filter((exchange) => isWanted(exchange, contains, other)),
      outbox: await outbox(),
    }
    response.json(view)
  })

  routes.get('/sandbox/inspector/events', (_request, response) => {
    const send = openEventStream(response, () => unwatch())
    const unwatch = exchanges.watch((exchange) => send(exchange))
  })

  const switches = (): FaultSwitch[] => faults.map(({ isOn, turn: _, ...fault }) => ({ ...fault, on: isOn() }))

  routes.get('/sandbox/fault-switches', (_request, response) => void response.json(switches()))

  routes.post('/sandbox/fault-switches', json, async (request, response) => {
    const turn = Turn.safeParse(request.body)
    const fault = faults.find(({ name }) => name === turn.data?.name)
    if (!turn.success || !fault) return void response.status(400).json({ ok: false, error: 'No such switch.' })
    await fault.turn(turn.data.on)
    response.json(switches())
  })

  routes.use(unreadable)
  return routes
}

/** A body that is no JSON is the sender's mistake, told in the shape of every other refusal. */
const unreadable: ErrorRequestHandler = (error: Error, _request, response, _next) =>
  void response.status(400).json({ ok: false, error: error.message })

async function carryOut(player: StoryPlayer, order: z.infer<typeof Order>): Promise<StoryResult> {
  try {
    if (order.do === 'choose') await player.choose(order.story)
    else if (order.do === 'speed') await player.setSpeed(order.speed)
    else await player[order.do]()
    return { ok: true, progress: player.progress() }
  } catch (error) {
    return { ok: false, error: error instanceof Error ? error.message : String(error) }
  }
}

const isWanted = (exchange: Exchange, contains: string, other: string) =>
  (other === '' || exchange.with === other) &&
  (contains === '' ||
    `${exchange.path} ${exchange.request ?? ''} ${exchange.response ?? ''}`
      .toLowerCase()
      .includes(contains.toLowerCase()))
