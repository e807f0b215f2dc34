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

/** Plays stories. A call that is invalid in the current state throws; the message is shown to the visitor. */
export type StoryPlayer = {
  stories(): StoryView[]
  progress(): StoryProgress
  choose(story: string): void | Promise<void>
  play(): void | Promise<void>
  pause(): void | Promise<void>
  /** Plays one step and pauses. */
  step(): void | Promise<void>
  setSpeed(speed: StoryProgress['speed']): void | Promise<void>
  /** Calls `listener` on every change, until the returned function is called. */
  watch(listener: (progress: StoryProgress) => void): () => void
}

/** A fault the visitor can inject. `turn` switches it on or off; one with `once` is a button, not a switch. */
export type Fault = Omit<FaultSwitch, 'on'> & { isOn(): boolean; turn(on: boolean): void | Promise<void> }

export type ControlRoutesOptions = {
  player: StoryPlayer
  exchanges: ExchangeLog
  faults: Fault[]
  /** Pending rows of Muster's outbox, oldest first. */
  outbox?: () => OutboxRow[] | Promise<OutboxRow[]>
  /** Muster's sub-commands, for completion in the composer. */
  subcommands?: () => SubcommandView[]
}

const Command = z.discriminatedUnion('do', [
  z.object({ do: z.literal('choose'), story: z.string() }),
  z.object({ do: z.enum(['play', 'pause', 'step']) }),
  z.object({ do: z.literal('speed'), speed: z.literal([0, 1, 10, 60]) }),
])

const Turn = z.object({ name: z.string(), on: z.boolean() })

/** The control panel's routes under `/sandbox/`; `control-api.ts` lists them. */
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
    const command = Command.safeParse(request.body)
    const answer: StoryResult = command.success
      ? await execute(player, command.data)
      : { ok: false, error: z.prettifyError(command.error) }
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
      exchanges: exchanges.list().filter((exchange) => matchesFilter(exchange, contains, other)),
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
    if (!turn.success || !fault)
      return void response.status(400).json({ ok: false, error: 'There is no such fault switch.' })
    await fault.turn(turn.data.on)
    response.json(switches())
  })

  routes.use(unreadable)
  return routes
}

/** An unparsable body gets a 400 in the same shape as every other error. */
const unreadable: ErrorRequestHandler = (error: Error, _request, response, _next) =>
  void response.status(400).json({ ok: false, error: error.message })

async function execute(player: StoryPlayer, command: z.infer<typeof Command>): Promise<StoryResult> {
  try {
    if (command.do === 'choose') await player.choose(command.story)
    else if (command.do === 'speed') await player.setSpeed(command.speed)
    else await player[command.do]()
    return { ok: true, progress: player.progress() }
  } catch (error) {
    return { ok: false, error: error instanceof Error ? error.message : String(error) }
  }
}

const matchesFilter = (exchange: Exchange, contains: string, other: string) =>
  (other === '' || exchange.with === other) &&
  (contains === '' ||
    `${exchange.path} ${exchange.request ?? ''} ${exchange.response ?? ''}`
      .toLowerCase()
      .includes(contains.toLowerCase()))
