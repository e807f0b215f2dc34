import { createContext } from 'preact'
import { useContext, useEffect, useState } from 'preact/hooks'
import type { ControlView, FaultSwitch, StoryCommand, StoryProgress, StoryResult } from '../../control-api.ts'
import { post, subscribe } from '../api.ts'
import { setSandboxTime } from '../clock.ts'
import type { Session } from '../session.ts'

/** Client of the control API: stories, playback and faults. */
export type ControlSession = ReturnType<typeof createControlSession>

export type ControlState = ControlView & { faults: FaultSwitch[] }

const EMPTY: ControlState = {
  stories: [],
  progress: { state: 'idle', speed: 1, step: 0, steps: 0, caption: '' },
  subcommands: [],
  faults: [],
}

export function createControlSession(session: Session) {
  let state = EMPTY
  const watchers = new Set<() => void>()
  const set = (change: Partial<ControlState>) => {
    state = { ...state, ...change }
    for (const watcher of watchers) watcher()
  }

  const progressed = (progress: StoryProgress) => {
    if (progress.now !== undefined) setSandboxTime(progress.now, progress.pace)
    set({ progress })
  }

  /** Loads the control API. A server without it, such as a bare fake Slack, has no stories. */
  async function start() {
    const response = await fetch('/sandbox/story')
    if (!response.ok) return
    const view = (await response.json()) as ControlView
    set(view)
    progressed(view.progress)
    subscribe<StoryProgress>('/sandbox/story/events', { event: progressed })
    const faults = await fetch('/sandbox/fault-switches')
    if (faults.ok) set({ faults: (await faults.json()) as FaultSwitch[] })
  }

  async function order(what: StoryCommand): Promise<boolean> {
    const answer = (await post('/sandbox/story', what).catch((error: Error) => ({
      ok: false,
      error: error.message,
    }))) as StoryResult
    if (answer.ok) progressed(answer.progress)
    else session.notify(answer.error, 'bad')
    return answer.ok
  }

  async function turn(name: string, on: boolean) {
    const answer = await post('/sandbox/fault-switches', { name, on }).catch((error: Error) => ({
      error: error.message,
    }))
    if (Array.isArray(answer)) set({ faults: answer as FaultSwitch[] })
    else session.notify((answer as { error: string }).error, 'bad')
  }

  return {
    state: () => state,
    watch(watcher: () => void) {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    start,
    order,
    turn,
  }
}

export const ControlContext = createContext<ControlSession | undefined>(undefined)

/** The control session: its actions. */
export function useControlActions(): ControlSession {
  const controls = useContext(ControlContext)
  if (!controls) throw new Error('useControls needs a ControlContext')
  return controls
}

/** The control session's state; re-renders on every change. */
export function useControls(): ControlState {
  const controls = useControlActions()
  const [, again] = useState(0)
  useEffect(() => {
    const unwatch = controls.watch(() => again((count) => count + 1))
    return () => void unwatch()
  }, [controls])
  return controls.state()
}
