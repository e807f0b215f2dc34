import type { EffectContext } from '../../incident/effect-handler.ts'
import type { IncidentEvent, RecordedEvent } from '../../incident/event.ts'
import type { Incident } from '../../incident/incident.ts'
import { type Phrase, plain, typed } from '../../incident/phrase.ts'
import { type PagerDuty, pagerdutyIncidentOf } from './client.ts'
import type { Echo, Memory } from './echo.ts'
import { type PriorityOptions, priorityOf } from './priorities.ts'
import { PagerDutyRefused } from './refused.ts'

/** Who somebody in Slack is. */
export type SlackPerson = { name: string; email?: string | undefined }

export type ShownOptions = {
  pagerduty: PagerDuty | undefined
  /** The keys of an incident's alerts. */
  alertKeys(incident: string): Promise<string[]>
  personOf(slackId: string): Promise<SlackPerson>
  priorities: PriorityOptions
  memory: Memory
  echo: Echo
}

/** Has it ended without having been one? Then nothing more is said about it elsewhere. */
export const isOver = ({ status }: Incident): boolean => status === 'cancelled' || status === 'merged'

/** The account's plan does not have it, or the token may not use it: a set-up, not a failure. */
export const isNotIncluded = (error: unknown): boolean =>
  error instanceof PagerDutyRefused && (error.status === 402 || error.status === 403)

/** What people do in Slack shows at PagerDuty: notes, updates, the severity, who commands. */
export const shownEffects = ({ pagerduty, alertKeys, personOf, priorities, memory, echo }: ShownOptions) => {
  /** What somebody typed, mentions as names; a name that cannot be had just now is no reason to say nothing. */
  const inWords = async (text: string): Promise<string> => {
    const phrases = typed(text)
    const names = new Map<string, string>()
    for (const phrase of phrases)
      if (isMention(phrase)) {
        const { person } = phrase
        names.set(
          person,
          await personOf(person).then(
            ({ name }) => name,
            () => person,
          ),
        )
      }
    return plain(phrases, (id) => names.get(id) ?? id)
  }

  const signed = async ({ by }: RecordedEvent, text: string): Promise<string> =>
    `${await personOf(by).then(
      ({ name }) => name,
      () => by,
    )}: ${await inWords(text)}`

  const show = async (client: PagerDuty, id: string, context: EffectContext): Promise<void> => {
    const { incident, cause, signal } = context
    // The same on every attempt, also when it was asked for again.
    const marker = `${incident.id}/${cause.seq}`
    switch (cause.type) {
      case 'noted':
        await echo.will(id, 'annotated')
        // The marker finds what an earlier attempt wrote.
        await client.addNote(id, { text: await signed(cause, cause.text), marker }, signal)
        return
      case 'update_posted': {
        // PagerDuty lists no updates, so what was sent is remembered here.
        const key = `pagerduty:update:${id}:${marker}`
        if (await memory.recall(key)) return
        await echo.will(id, 'update_published')
        await client.publishUpdate(id, { message: await signed(cause, cause.text) }, signal)
        await memory.remember(key, 'sent')
        return
      }
      case 'severity_changed': {
        const known = await client.priorities(signal)
        // As it stands by now: an older change that was held up must not undo a newer one.
        const priority = priorityOf(incident.severity, known, priorities)
        if (!priority) return
        await echo.will(id, 'priority_changed')
        await client.setPriority(id, priority, signal)
        return
      }
      case 'role_assigned':
        // Whoever takes command is here; whoever was given it may be asleep.
        if (cause.responder === cause.by || incident.roles[cause.role] !== cause.responder) return
        return ask(client, id, context, cause.responder)
      default:
        return
    }
  }

  const ask = async (client: PagerDuty, id: string, { incident, cause, signal }: EffectContext, commander: string) => {
    const { email } = await personOf(commander)
    const user = email ? await client.userByEmail(email, signal) : undefined
    if (!user) return
    const { assignees, status } = await client.incident(id, signal)
    if (status === 'resolved' || assignees.some((one) => one.id === user.id)) return
    const requester = await echo.ownUser()
    try {
      if (!requester) throw new Error('PAGERDUTY_FROM_EMAIL is no user of the account.')
      await echo.will(id, 'responder_requested')
      await client.requestResponders(
        id,
        {
          message: `Please take command of ${incident.id}: ${incident.title}`,
          marker: `${incident.id}/${cause.seq}`,
          requester,
          users: [user.id],
        },
        signal,
      )
    } catch (error) {
      if (!isNotIncluded(error)) throw error
      // A plan without responder requests: they come to those who have it already, who keep it.
      await echo.will(id, 'reassigned')
      await client.reassign(id, { users: [...assignees.map((one) => one.id), user.id] }, signal)
    }
  }

  return {
    show_at_pagerduty: async (_effect: unknown, context: EffectContext): Promise<IncidentEvent[]> => {
      const { incident, signal } = context
      // What is private stays in its channel; a drill is nobody else's concern.
      if (!pagerduty || isOver(incident) || incident.private || incident.drill) return []
      for (const key of await alertKeys(incident.id)) {
        const id = pagerdutyIncidentOf(key)
        if (!id) continue
        try {
          await show(pagerduty, id, context)
        } catch (error) {
          signal.throwIfAborted()
          if (!isNotIncluded(error) && !isEnded(error)) throw error
        }
      }
      return []
    },
  }
}

/** An incident that has ended at PagerDuty, or is no more, takes nothing on. */
const isEnded = (error: unknown): boolean =>
  error instanceof PagerDutyRefused && (error.status === 404 || error.isAlreadyDone)

const isMention = (phrase: Phrase): phrase is { person: string } => 'person' in phrase
