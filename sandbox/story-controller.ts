import type { Speed, StoryProgress } from './control-api.ts'
import type { StoryPlayer } from './control-routes.ts'
import type { StoryClock } from './stories/clock.ts'
import type { Player, PlayerEvent } from './stories/player.ts'
import type { Story } from './stories/story.ts'

const STATES = { ready: 'paused', playing: 'playing', paused: 'paused', finished: 'ended', stopped: 'ended' } as const

export type StoryControllerOptions = {
  stories: readonly Story[]
  clock: StoryClock
  /** Speed of the first story. The default of 10 plays a story in a few minutes, slowly enough to read along. */
  speed?: Speed | undefined
  /** Creates a player for a story. */
  open(story: string, onEvent: (event: PlayerEvent) => void): Player
}

/** Plays one of the stories at a time and notifies subscribers of its progress. */
export function createStoryController({
  stories,
  clock,
  open,
  speed: firstSpeed = 10,
}: StoryControllerOptions): StoryPlayer & { stop(): void } {
  const listeners = new Set<(progress: StoryProgress) => void>()
  let player: Player | undefined
  let speed = firstSpeed
  let failure = ''

  const progress = (): StoryProgress => {
    const time = { speed, now: clock.now(), pace: clock.speed() }
    if (!player) return { state: 'idle', step: 0, steps: 0, caption: '', ...time }
    const { story, status, taken, total, caption } = player.progress()
    const { description: opening = '' } = stories.find(({ id }) => id === story) ?? {}
    return { story, state: STATES[status], step: taken, steps: total, caption: (caption || opening) + failure, ...time }
  }
  const notify = () => {
    const now = progress()
    for (const listener of listeners) listener(now)
  }
  const chosen = (): Player => {
    if (!player) throw new Error('Choose a story first.')
    return player
  }

  return {
    stories: () => stories.map(({ id, title, description }) => ({ id, title, summary: description })),
    progress,
    choose(story) {
      if (!stories.some(({ id }) => id === story)) throw new Error(`There is no story "${story}".`)
      player?.stop()
      failure = ''
      const opened = open(story, (event) => {
        if (opened !== player) return
        if (event.type === 'step') failure = ''
        if (event.type === 'step_failed') failure = ` (Step failed: ${event.reason})`
        notify()
      })
      player = opened
      player.setSpeed(speed)
      notify()
    },
    play() {
      chosen().play()
    },
    pause: () => chosen().pause(),
    step() {
      return chosen().step()
    },
    setSpeed(next) {
      speed = next
      player?.setSpeed(next)
      notify()
    },
    watch(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    stop: () => player?.stop(),
  }
}
