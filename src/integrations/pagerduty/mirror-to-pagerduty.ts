import type { EffectContext, EffectHandler } from '../../incident/effect-handler.ts'
import type { RecordedEvent } from '../../incident/event.ts'
import { type Phrase, plain, typed } from '../../incident/phrase.ts'
import { isOver } from '../../incident/status.ts'
import { outsideText } from '../../incident/update.ts'
import type { Memory } from '../../platform/memory.ts'
import { type PagerDuty, pagerdutyIncidentOf } from './client.ts'
import type { Echo } from './echo.ts'
import { type PriorityOptions, priorityOf } from './priorities.ts'
import { isEnded, isNotIncluded } from './rejection.ts'

/** A person in Slack. */
export type SlackPerson = { name: string; email?: string | undefined }

export type MirrorOptions = {
  pagerduty: PagerDuty | undefined
  /** The keys of an incident's alerts. */
  alertKeys(incident: string): Promise<string[]>
  personOf(slackId: string, signal: AbortSignal): Promise<SlackPerson>
  priorities: PriorityOptions
  memory: Memory
  echo: Echo
}

/** Mirrors actions in Slack to PagerDuty: notes, updates, the severity, the commander. */
export const mirrorToPagerDuty = (options: MirrorOptions) => {
  const { pagerduty, alertKeys, personOf, priorities, memory, echo } = options

  /** A name that cannot be resolved now must not prevent mirroring: the id is used instead. */
  const nameOf = (slackId: string, signal: AbortSignal): Promise<string> =>
    personOf(slackId, signal).then(
      ({ name }) => name,
      () => slackId,
    )

  /** Text typed by a person, with mentions as names. */
  const readable = async (text: string, signal: AbortSignal): Promise<string> => {
    const phrases = typed(text)
    const names = new Map<string, string>()
    for (const phrase of phrases) if (isMention(phrase)) names.set(phrase.person, await nameOf(phrase.person, signal))
    return plain(phrases, (id) => names.get(id) ?? id)
  }

  const signed = async ({ by }: RecordedEvent, text: string, signal: AbortSignal): Promise<string> =>
    `${await nameOf(by, signal)}: ${await readable(text, signal)}`

  const mirror = async (client: PagerDuty, id: string, context: EffectContext): Promise<void> => {
    const { incident, cause, signal } = context
    // The same on every attempt, also after `/incident retry`.
    const marker = `${incident.id}/${cause.seq}`
    switch (cause.type) {
      case 'noted':
        await echo.expectEcho(id, 'annotated')
        // The marker finds what an earlier attempt wrote.
        await client.addNote(id, { text: await signed(cause, cause.text, signal), marker }, signal)
        return
      case 'update_posted': {
        // PagerDuty does not list updates. Marked before it is sent: a missing update is better than a duplicate.
        const key = `pagerduty:update:${id}:${marker}`
        if ((await memory.recall(key))?.value) return
        const message = await signed(cause, outsideText(cause), signal)
        await echo.expectEcho(id, 'update_published')
        await memory.remember(key, 'sent')
        await client.publishUpdate(id, { message }, signal).catch(async (error: unknown) => {
          await memory.remember(key, '')
          throw error
        })
        return
      }
      case 'severity_changed': {
        const known = await client.priorities(signal)
        // The present severity: an older change that was held up must not undo a newer one.
        const priority = priorityOf(incident.severity, known, priorities)
        if (!priority) return
        await echo.expectEcho(id, 'priority_changed')
        await client.setPriority(id, priority, signal)
        return
      }
      default:
        return
    }
  }

  /** Calls the new commander to the first PagerDuty incident that is still open: one request however many there are. */
  const callCommander = async (client: PagerDuty, ids: readonly string[], context: EffectContext): Promise<void> => {
    const { incident, cause, signal } = context
    if (cause.type !== 'role_assigned') return
    // Somebody who takes command is present; somebody who is appointed may be asleep.
    if (cause.responder === cause.by || incident.roles[cause.role] !== cause.responder) return
    const { email } = await personOf(cause.responder, signal)
    const user = email ? await client.userByEmail(email, signal) : undefined
    if (!user) return
    for (const id of ids) {
      const { assignees, status } = await client.incident(id, signal)
      if (status === 'resolved') continue
      if (assignees.some((one) => one.id === user.id)) return
      const requester = await echo.ownUser()
      try {
        if (!requester) throw new Error('PAGERDUTY_FROM_EMAIL is no user of the account.')
        await echo.expectEcho(id, 'responder_requested')
        const message = `Please take command of ${incident.id}: ${incident.title}`
        const marker = `${incident.id}/${cause.seq}`
        await client.requestResponders(id, { message, marker, requester, users: [user.id] }, signal)
      } catch (error) {
        if (!isNotIncluded(error)) throw error
        // An account without responder requests: the incident is assigned to them as well; its present assignees keep
        // it.
        await echo.expectEcho(id, 'reassigned')
        await client.reassign(id, { users: [...assignees.map((one) => one.id), user.id] }, signal)
      }
      return
    }
  }

  const showAtPagerDuty: EffectHandler<'show_at_pagerduty'> = async (_effect, context) => {
    const { incident, cause, signal } = context
    // Private content stays in its channel; a drill does not concern anybody else.
    if (!pagerduty || isOver(incident) || incident.private || incident.drill) return []
    const ids = (await alertKeys(incident.id)).flatMap((key) => pagerdutyIncidentOf(key) ?? [])
    const tolerant = async (work: Promise<void>): Promise<void> => {
      try {
        await work
      } catch (error) {
        signal.throwIfAborted()
        if (!isNotIncluded(error) && !isEnded(error)) throw error
      }
    }
    if (cause.type === 'role_assigned') await tolerant(callCommander(pagerduty, ids, context))
    else for (const id of ids) await tolerant(mirror(pagerduty, id, context))
    return []
  }

  return { show_at_pagerduty: showAtPagerDuty }
}

const isMention = (phrase: Phrase): phrase is { person: string } => 'person' in phrase
