import type { EffectContext, EffectHandler } from '../../../incident/effect-handler.ts'
import type { RecordedEvent } from '../../../incident/event.ts'
import { answered } from '../../../incident/handover.ts'
import type { Incident } from '../../../incident/incident.ts'
import { type Phrase, person, say, strong, typed } from '../../../incident/phrase.ts'
import { isActive } from '../../../incident/status.ts'
import { actionsOnce, type Block, commandButton, section, sections } from '../block.ts'
import { SlackRefusal } from '../client.ts'
import { directWith } from '../direct.ts'
import { EVENTS_READ, standing } from '../messages/standing.ts'
import { mrkdwn } from '../mrkdwn.ts'
import type { Message } from '../post.ts'
import type { EvidenceOptions } from './evidence.ts'
import { type MessageOptions, markOf } from './message-options.ts'
import { createPictures } from './picture.ts'

export type ResponderOptions = MessageOptions &
  EvidenceOptions & {
    /** The newest events of an incident, oldest first. */
    latestEvents(id: string, last: number): Promise<RecordedEvent[]>
  }

/** How long the picture of a handover may take, ms. */
const PICTURE_MS = 8_000

/** Direct messages to people in roles: handover offers, and briefings for a role. */
export const responderEffects = ({
  slack,
  poster,
  words,
  now,
  latestEvents,
  snapshot,
  ...others
}: ResponderOptions) => {
  const pictureOf = createPictures({ slack, words, ...others })

  /** The graph that left its usual range the furthest. A handover must not be delayed by a picture. */
  const latestChart = async ({ incident, attempt, progress, signal }: EffectContext): Promise<Block[]> => {
    const ref = incident.evidence.find(({ kind, standing: rank }) => kind === 'chart' && rank === undefined)
    if (!ref || attempt > 1) return []
    try {
      const found = await snapshot(ref.hash)
      const limit = AbortSignal.any([signal, AbortSignal.timeout(PICTURE_MS)])
      const picture = found && (await pictureOf(ref.hash, found, { progress, signal: limit }))
      return picture ? [picture] : []
    } catch {
      signal.throwIfAborted()
      return []
    }
  }

  const roleNames = (ids: readonly string[]): string =>
    ids.map((id) => words.roles.find((role) => role.id === id)?.name ?? id).join(' and ')

  const briefing = async (
    incident: Incident,
    first: Phrase[],
    buttons: Block[],
    pictures: Block[] = [],
  ): Promise<Message> => {
    const lines = standing(incident, await latestEvents(incident.id, EVENTS_READ), words, now())
    return {
      text: mrkdwn(first),
      blocks: [
        section(mrkdwn(first)),
        ...sections(lines.map((line) => `\u2022 ${mrkdwn(line)}`).join('\n')),
        ...pictures,
        actionsOnce(...buttons),
      ],
    }
  }

  // The mark finds an offer that an earlier attempt has posted.
  const ask_handover: EffectHandler<'ask_handover'> = async ({ seq }, context) => {
    const { incident, cause } = context
    const open = incident.handovers?.find(({ id }) => id === seq)
    // Answered or withdrawn meanwhile.
    if (!open) return []
    const names = roleNames(open.roles)
    const first = [
      ...(open.reminded ? say`:bell: This still waits for your answer. ` : []),
      ...say`${person(open.from)} asks you to take over as ${strong(names)} of ${strong(incident.id)}.`,
      ...(cause.type === 'handover_offered' && cause.text ? say` \u201c${typed(cause.text)}\u201d` : []),
    ]
    const buttons = [
      commandButton('Accept', `handover ${incident.id} accept ${seq}`, 'primary'),
      commandButton('Decline', `handover ${incident.id} decline ${seq}`),
    ]
    const message = await briefing(incident, first, buttons, await latestChart(context))
    try {
      await poster.post({ ...message, channel: await directWith(slack, open.to, context.signal), ...markOf(context) })
      return []
    } catch (error) {
      if (!(error instanceof SlackRefusal)) throw error
      return [answered(open, 'unreachable', { by: 'slack', at: now() }, error.message)]
    }
  }

  // The mark finds a brief that an earlier attempt has posted.
  const brief_responder: EffectHandler<'brief_responder'> = async (_effect, context) => {
    const { incident, cause } = context
    if (cause.type !== 'role_assigned' || !isActive(incident.status)) return []
    const { role, responder } = cause
    // Somebody else holds it by now.
    if (incident.roles[role] !== responder) return []
    const known = words.roles.find(({ id }) => id === role)
    const message = await briefing(
      incident,
      say`You are ${strong(known?.name ?? role)} of ${strong(incident.id)}. ${known?.description ?? ''}`,
      [
        ...(role === 'commander' || role === 'communications'
          ? [commandButton('Post an update', `update ${incident.id}`)]
          : []),
        commandButton('Give up this role', `release ${incident.id} ${role}`),
      ],
    )
    try {
      await poster.post({ ...message, channel: responder, ...markOf(context) })
    } catch (error) {
      // Somebody who cannot be reached still holds the role; the channel is notified.
      if (!(error instanceof SlackRefusal)) throw error
    }
    return []
  }

  return { ask_handover, brief_responder }
}
