import { openActions } from '../../../incident/action-item.ts'
import { actionMenu } from '../../../incident/action-menu.ts'
import { isInDigest, itemsOf } from '../../../incident/action-reminder.ts'
import { actionLine } from '../../../incident/action-words.ts'
import type { EffectHandler } from '../../../incident/effect-handler.ts'
import type { Incident } from '../../../incident/incident.ts'
import { shorten } from '../../../incident/measure.ts'
import { channel, type Phrase, say, strong, typed } from '../../../incident/phrase.ts'
import { clockIn } from '../../../incident/zone.ts'
import { type Block, commandButton, context, header, section } from '../block.ts'
import { SlackRefusal } from '../client.ts'
import { directWith } from '../direct.ts'
import { mrkdwn } from '../mrkdwn.ts'
import { menuRow } from '../reply-message.ts'
import { type MessageOptions, markOf } from './message-options.ts'

export type ActionItemOptions = MessageOptions & {
  incident(id: string): Promise<Incident | undefined>
}

/** Slack: a message has at most 50 blocks and about 13,000 characters; a line of an item has at most 400. */
const MOST_ITEMS = 25
const MOST_POSTMORTEMS = 8

/** Reminders of action items: to their owners, and once a week to the teams. */
export const actionItemEffects = ({ slack, poster, words, now, incident: read }: ActionItemOptions) => {
  const titleOf = ({ id, title, channel: opened }: Incident): Phrase[] =>
    say`${strong(id)} ${shorten(title, 120)}${opened ? say` \u00b7 ${channel(opened.id)}` : []}`

  // The message carries the effect's mark: a second attempt finds it.
  const remind_owner: EffectHandler<'remind_owner'> = async (_effect, effectContext) => {
    const { cause } = effectContext
    if (cause.type !== 'actions_reminded') return []
    const { owner, others = [] } = cause
    const ids = [effectContext.incident.id, ...others.map(({ incident }) => incident)]
    const incidents = (await Promise.all(ids.map(read))).filter((one) => one !== undefined)
    const today = clockIn(words.timezone ?? 'UTC').date(now())
    // In their current state: items completed in the meantime are left out.
    const theirs = incidents.flatMap((incident) => {
      const items = itemsOf(incident, owner)
      return items.length > 0 ? [{ incident, items }] : []
    })
    const count = theirs.reduce((sum, { items }) => sum + items.length, 0)
    if (count === 0) return []
    let left = MOST_ITEMS
    const blocks = theirs.flatMap(({ incident, items }): Block[] => {
      const shown = items.slice(0, left)
      left -= shown.length
      const rows = shown.map((item) =>
        menuRow({ line: actionLine(item, today), menu: actionMenu(incident, item, owner) }),
      )
      return shown.length > 0 ? [context(mrkdwn(titleOf(incident))), ...rows] : []
    })
    const text = count === 1 ? 'You own an open action item.' : `You own ${count} open action items.`
    const more = count > MOST_ITEMS ? [context(`and ${count - MOST_ITEMS} more: see the Home tab`)] : []
    const { incident, signal } = effectContext
    try {
      await poster.post({
        text,
        blocks: [section(`:clipboard: *${text}*`), ...blocks, ...more],
        // Slack: only `conversations.open` reveals that an account is deactivated.
        channel: await directWith(slack, owner, signal),
        ...markOf(effectContext),
      })
    } catch (error) {
      if (!(error instanceof SlackRefusal)) throw error
      const items = itemsOf(incident, owner).map(({ id }) => id)
      return items.length > 0 ? [{ by: 'slack', at: now(), type: 'owner_unreachable', owner, items }] : []
    }
    return []
  }

  /** Published meanwhile, or made private, it waits for nobody here. */
  const stillWaiting = async (listed: readonly { incident: string; text: string }[]): Promise<Block[]> => {
    const lines = await Promise.all(
      listed.slice(0, MOST_POSTMORTEMS).map(async ({ incident: id, text }) => {
        const incident = await read(id)
        if (!incident || incident.private || incident.review?.state === 'published') return []
        return [section(mrkdwn(typed(`:memo: ${text}`)), commandButton('Edit it', `postmortem ${id}`))]
      }),
    )
    return lines.flat()
  }

  const post_digest: EffectHandler<'post_digest'> = async (_effect, effectContext) => {
    const { cause } = effectContext
    if (cause.type !== 'actions_digested') return []
    const today = clockIn(words.timezone ?? 'UTC').date(now())
    const incidents = (await Promise.all(cause.incidents.map(read))).filter((one) => one !== undefined)
    // Made private meanwhile, nothing of it is said here.
    const listed = incidents.filter(isInDigest)
    const all = listed.flatMap((incident) => openActions(incident).map((item) => ({ incident, item })))
    const postmortems = await stillWaiting(cause.postmortems ?? [])
    if (all.length === 0 && postmortems.length === 0) return []
    const overdue = all.filter(({ item }) => item.due !== undefined && item.due < today)
    const unowned = all.filter(({ item }) => item.owner === undefined)
    const summary = `${all.length} open action ${all.length === 1 ? 'item' : 'items'}, ${overdue.length} overdue, ${unowned.length} without an owner`
    const late = `${postmortems.length} ${postmortems.length === 1 ? 'postmortem is' : 'postmortems are'} overdue`
    const text = [...(all.length > 0 ? [summary] : []), ...(postmortems.length > 0 ? [late] : [])].join('; ')
    // Overdue ones first, then by the day they are due.
    const ordered = all.toSorted((a, b) => (a.item.due ?? '9999').localeCompare(b.item.due ?? '9999'))
    const blocks = ordered
      .slice(0, MOST_ITEMS)
      .map(({ incident, item }) =>
        menuRow({ line: say`${strong(incident.id)} ${actionLine(item, today)}`, menu: actionMenu(incident, item) }),
      )
    const more = all.length > MOST_ITEMS ? [context(`and ${all.length - MOST_ITEMS} more`)] : []
    await poster.post({
      text,
      blocks: [
        header(all.length > 0 ? 'Action items of the week' : 'Postmortems of the week'),
        section(text),
        ...blocks,
        ...more,
        ...postmortems,
      ],
      channel: cause.channel,
      ...markOf(effectContext),
    })
    return []
  }

  return { remind_owner, post_digest }
}
