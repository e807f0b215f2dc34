import type { Effect, EffectType } from './effect.ts'
import type { IncidentEvent, RecordedEvent } from './event.ts'
import type { Incident } from './incident.ts'

/** What earlier attempts of one effect have finished already, so that the next one goes on where they stopped. */
export type Progress = {
  /** What was remembered for an item, on this attempt or an earlier one. */
  get(item: string): string | undefined
  /** Remembers an item as done; kept until the effect ends. Rejects when it cannot be stored. */
  set(item: string, value: string): Promise<void>
}

/** Context passed to every effect handler. */
export type EffectContext = {
  /** As it stands when the handler starts. */
  incident: Incident
  /** The event that caused the effect. */
  cause: RecordedEvent
  /** `INC-42/7/0`: the same on every attempt, so it marks what was already done outside. */
  effectId: string
  /** 1 for the first attempt; with more, an earlier one may have happened. */
  attempt: number
  /** When the effect was queued, epoch ms. */
  queuedAt: number
  /** For an effect of several calls: which of them are done. */
  progress: Progress
  /** Aborts when the time limit is over or the program stops. */
  signal: AbortSignal
}

/** Does one thing outside and returns what it learned. May run twice: each says why that is harmless. */
export type EffectHandler<Type extends EffectType> = (
  effect: Extract<Effect, { type: Type }>,
  context: EffectContext,
) => Promise<IncidentEvent[]>

export type EffectHandlers = { [Type in EffectType]: EffectHandler<Type> }
