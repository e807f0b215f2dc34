/**
 * What the page shows of the sandbox's backstage: the stories and how far one has been played, what went over the wires,
 * what is broken on purpose. Served by `stage.ts`:
 *
 * - `GET  /sandbox/story`            -> ControlView
 * - `POST /sandbox/story`            a StoryCommand -> StoryResult
 * - `GET  /sandbox/story/events`     -> server-sent events, each `data:` one StoryProgress
 * - `GET  /sandbox/inspector`        -> InspectorView; `?contains=...&with=slack` filter it
 * - `GET  /sandbox/inspector/events` -> server-sent events, each `data:` one Exchange
 * - `GET  /sandbox/fault-switches`   -> FaultSwitch[]
 * - `POST /sandbox/fault-switches`   `{ name, on }` -> FaultSwitch[]
 */

/** A story as it stands on the shelf. */
export type StoryView = { id: string; title: string; summary: string }

/** Story seconds that pass in one real second; 0 is as fast as Muster follows. */
export type Speed = 0 | 1 | 10 | 60

/** Where the playing stands. */
export type StoryProgress = {
  /** The chosen story's id. */
  story?: string
  state: 'idle' | 'playing' | 'paused' | 'ended'
  speed: Speed
  /** Steps done, of how many. */
  step: number
  steps: number
  /** One or two sentences: what is happening outside right now. */
  caption: string
  /** The sandbox's clock, epoch ms: stories run faster than the world, and on days of their own. */
  now?: number
  /** How many of its seconds pass in one real second; 0 while it stands. */
  pace?: number
}

export type StoryCommand =
  | { do: 'choose'; story: string }
  | { do: 'play' }
  | { do: 'pause' }
  | { do: 'step' }
  | { do: 'speed'; speed: Speed }

export type StoryResult = { ok: true; progress: StoryProgress } | { ok: false; error: string }

/** A sub-command of a slash command, for the composer's completion. */
export type SubcommandView = { command: string; name: string; usage: string; summary: string }

export type ControlView = { stories: StoryView[]; progress: StoryProgress; subcommands: SubcommandView[] }

/** One request between Muster and the outside, and its answer. */
export type Exchange = {
  id: number
  /** Epoch ms. */
  at: number
  /** Who spoke with Muster: `slack`, `pagerduty`, `prometheus`, ... */
  with: string
  /** `out`: Muster asked; `in`: Muster was asked. */
  direction: 'in' | 'out'
  method: string
  path: string
  request?: string
  /** HTTP status; missing while no answer has come. */
  status?: number
  response?: string
  /** Milliseconds until the answer. */
  took?: number
}

/** An effect waiting in the outbox, or stuck there. */
export type OutboxRow = { id: string; effect: string; state: string; attempts: number; note?: string }

export type InspectorView = { exchanges: Exchange[]; outbox: OutboxRow[] }

/** Something that can be broken on purpose. `once` ones act at once and spring back: kill and restart. */
export type FaultSwitch = { name: string; label: string; description: string; on: boolean; once?: boolean }
