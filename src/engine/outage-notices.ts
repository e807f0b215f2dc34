import { schedule } from 'node-cron'
import type { EffectType } from '../incident/effect.ts'
import { messageOf } from '../incident/errors.ts'
import type { Phrase } from '../incident/phrase.ts'
import { isOver } from '../incident/status.ts'
import type { Log } from '../platform/log.ts'
import type { Store } from '../store/store.ts'
import { outageBegan, outageEnded } from './outage-words.ts'

export type OutageNoticesOptions = {
  store: Pick<Store, 'outbox' | 'read' | 'recallAll' | 'remember' | 'rememberFirst' | 'forget'>
  /**
   * Notifies those who run Muster. The same name is posted once, however often it is requested.
   * @param notice `since` is how far back it may have been posted already, epoch ms.
   */
  notify(text: Phrase[], notice: { name: string; since: number }): Promise<void>
  /** Whether calls to a system are held back in this process. */
  isHeldBack(system: string): boolean
  /** Identifies this process among the replicas. */
  owner: string
  /** Real time, epoch ms. */
  scheduleNow: () => number
  log: Pick<Log, 'warn' | 'error'>
}

/** Shorter outages pass without a word. */
const NOTIFY_AFTER_MS = 5 * 60_000
/** A replica that was to send a notice and has not by then is gone, ms. */
const CLAIM_MS = 2 * 60_000
/** More than are worth counting. */
const MOST_EFFECTS = 1_000
/** Nothing can be posted while it is down, so its outage is reported when it is over. */
const SLACK = 'Slack'
const PREFIX = 'outage:'

/** An outage as it is remembered, under the system's name: replicas share it, and a restart does not end it. */
type Outage = {
  /** Since when effects wait for the system, epoch ms. */
  since: number
  /** When nothing waited for it any more, until that was reported, epoch ms. */
  endedAt?: number
  /** When effects were last seen waiting, epoch ms. */
  seenAt: number
  reason?: string
  /** Every effect that waited: id -> what it is. */
  effects: Record<string, { type: EffectType; incident: string }>
}

/**
 * Notifies those who run Muster when a system has failed for minutes, and again when it is over with what was late: once
 * each, whatever restarts in between and however many replicas there are. Checked every minute.
 */
export const createOutageNotices = (options: OutageNoticesOptions) => {
  const { store, notify, isHeldBack, owner, scheduleNow, log } = options

  /** Sends a notice unless it was sent. @returns whether it is there now. */
  const send = async (name: string, since: number, text: Phrase[]): Promise<boolean> => {
    const key = `notice:${name}`
    const claim = JSON.stringify({ owner, at: scheduleNow() })
    const kept = await store.rememberFirst(key, claim)
    if (kept === SENT) return true
    const { at } = JSON.parse(kept) as { at: number }
    if (kept !== claim && scheduleNow() - at < CLAIM_MS) return false
    if (kept !== claim) await store.remember(key, claim)
    try {
      await notify(text, { name, since })
      await store.remember(key, SENT)
      return true
    } catch (error) {
      log.warn('an outage could not be reported; Muster tries again in a minute', { name, reason: messageOf(error) })
      await store.forget(key)
      return false
    }
  }

  const ongoing = async (system: string, reason: string | undefined, now: number, effects: Outage['effects']) => {
    const begun: Outage = { since: now, seenAt: now, effects: {} }
    // The first replica to see it decides when it began.
    const known = JSON.parse(await store.rememberFirst(`${PREFIX}${system}`, JSON.stringify(begun))) as Outage
    const { since } = known
    const outage: Outage = {
      since,
      seenAt: now,
      effects: { ...known.effects, ...effects },
      ...(reason ? { reason } : {}),
    }
    await store.remember(`${PREFIX}${system}`, JSON.stringify(outage))
    if (system === SLACK || now - since < NOTIFY_AFTER_MS) return
    const types = Object.values(effects).map(({ type }) => type)
    await send(`${system}/${since}/began`, since, outageBegan({ system, since, at: now, reason, effects: types }))
  }

  /** Those that went out: neither given up nor needless because their incident ended meanwhile. */
  const late = async ({ effects }: Outage): Promise<EffectType[]> => {
    const types: EffectType[] = []
    for (const [incident, its] of Map.groupBy(Object.values(effects), (effect) => effect.incident)) {
      const found = await store.read(incident)
      if (found && !isOver(found))
        types.push(...its.map(({ type }) => type).filter((type) => found.failures[type] === undefined))
    }
    return types
  }

  const ended = async (system: string, outage: Outage, now: number): Promise<void> => {
    const key = `${PREFIX}${system}`
    const { since, seenAt, endedAt = now } = outage
    if (seenAt - since < NOTIFY_AFTER_MS) return store.forget(key)
    // Slack may be down, too: the time stands however late it is reported.
    await store.remember(key, JSON.stringify({ ...outage, endedAt }))
    const text = outageEnded({ system, since, at: endedAt, reason: undefined, effects: await late(outage) })
    if (await send(`${system}/${since}/ended`, since, text)) await store.forget(key)
  }

  /** Runs one check. */
  const check = async (): Promise<void> => {
    const now = scheduleNow()
    const waiting = await store.outbox.waiting()
    const known = await store.recallAll(PREFIX)
    if (waiting.length === 0 && known.length === 0) return
    const pending = await store.outbox.pending(MOST_EFFECTS)
    const effectsFor = (system: string): Outage['effects'] =>
      Object.fromEntries(
        pending
          .filter(({ waitingFor }) => waitingFor === system)
          .map(({ id, effect: { type }, incident }) => [id, { type, incident }]),
      )
    for (const { system, error } of waiting) await ongoing(system, error, now, effectsFor(system))
    for (const { key, value } of known) {
      const system = key.slice(PREFIX.length)
      if (isHeldBack(system) || waiting.some((one) => one.system === system)) continue
      await ended(system, JSON.parse(value) as Outage, now)
    }
  }

  const task = schedule(
    '* * * * *',
    () => check().catch((error: unknown) => log.error('outages could not be looked for', { error })),
    { noOverlap: true },
  )
  return {
    check,
    stop: async (): Promise<void> => {
      await task.destroy()
    },
  }
}

/** Stands in the place of a claim. */
const SENT = 'sent'
