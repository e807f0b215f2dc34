import type { Effect, EffectType } from './effect.ts'
import type { IncidentEvent, RecordedEvent } from './event.ts'
import type { Incident } from './incident.ts'

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
  /** Aborts when the time limit is over or the program stops. */
  signal: AbortSignal
}

/** Does one thing outside and returns what it learned. May run twice: each says why that is harmless. */
export type EffectHandler<Type extends EffectType> = (
  effect: Extract<Effect, { type: Type }>,
  context: EffectContext,
) => Promise<IncidentEvent[]>

export type EffectHandlers = { [Type in EffectType]: EffectHandler<Type> }
