import type { Effect, EffectType } from './effect.ts'
import type { IncidentEvent, RecordedEvent } from './event.ts'
import type { Incident } from './incident.ts'

/** Progress of earlier attempts of one effect, so that the next one resumes where they stopped. */
export type Progress = {
  /** What was stored for an item, on this attempt or an earlier one. */
  get(item: string): string | undefined
  /** Marks an item as done; kept until the effect ends. Rejects when it cannot be stored. */
  set(item: string, value: string): Promise<void>
}

/** Context passed to every effect handler. */
export type EffectContext = {
  /** The incident's state when the handler starts. */
  incident: Incident
  /** The event that caused the effect. */
  cause: RecordedEvent
  /** `INC-42/7/0`: the same on every attempt, so it can serve as an idempotency key outside. */
  effectId: string
  /** 1 for the first attempt; from 2 on, an earlier one may have taken effect. */
  attempt: number
  /** When the effect was queued, epoch ms. */
  queuedAt: number
  /** For an effect with several calls: which of them are done. */
  progress: Progress
  /** Aborts on timeout or when the program stops. */
  signal: AbortSignal
}

/** Does one thing outside and returns what it learned. May run twice: each handler says why that is harmless. */
export type EffectHandler<Type extends EffectType> = (
  effect: Extract<Effect, { type: Type }>,
  context: EffectContext,
) => Promise<IncidentEvent[]>

export type EffectHandlers = { [Type in EffectType]: EffectHandler<Type> }
