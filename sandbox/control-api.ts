/**
 * The API of the page's control panel: stories and playback, recorded requests, injected faults. Served by
 * `control-routes.ts`:
 *
 * - `GET  /sandbox/story`            -> ControlView
 * - `POST /sandbox/story`            a StoryCommand -> StoryResult
 * - `GET  /sandbox/story/events`     -> server-sent events, each `data:` one StoryProgress
 * - `GET  /sandbox/inspector`        -> InspectorView; `?contains=...&with=slack` filter it
 * - `GET  /sandbox/inspector/events` -> server-sent events, each `data:` one Exchange
 * - `GET  /sandbox/fault-switches`   -> FaultSwitch[]
 * - `POST /sandbox/fault-switches`   `{ name, on }` -> FaultSwitch[]
 */

export type StoryView = { id: string; title: string; summary: string }

/** Story seconds per real second; 0 is as fast as Muster keeps up. */
export type Speed = 0 | 1 | 10 | 60

export type StoryProgress = {
  /** Id of the selected story. */
  story?: string
  state: 'idle' | 'playing' | 'paused' | 'ended'
  speed: Speed
  /** Steps played, out of `steps`. */
  step: number
  steps: number
  /** What has just happened in the story: one or two sentences. */
  caption: string
  /** The sandbox's clock, epoch ms; it differs from real time while a story plays. */
  now?: number
  /** Clock seconds per real second; 0 while paused. */
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

/** One request between Muster and another service, with its response. */
export type Exchange = {
  id: number
  /** Epoch ms. */
  at: number
  /** The other service: `slack`, `pagerduty`, `prometheus`, ... */
  with: string
  /** `out`: sent by Muster; `in`: received by Muster. */
  direction: 'in' | 'out'
  method: string
  path: string
  request?: string
  /** HTTP status; missing until there is a response, 0 when the connection was closed. */
  status?: number
  response?: string
  /** Milliseconds until the response. */
  took?: number
}

/** A pending or failed effect in the outbox. */
export type OutboxRow = { id: string; effect: string; state: string; attempts: number; note?: string }

export type InspectorView = { exchanges: Exchange[]; outbox: OutboxRow[] }

/** A fault the visitor can inject. `once`: a one-off action, such as kill and restart, shown as a button. */
export type FaultSwitch = { name: string; label: string; description: string; on: boolean; once?: boolean }
