import { channelName } from '../../incident/channel-name.ts'
import { Permanent } from '../../incident/errors.ts'
import type { IncidentEvent } from '../../incident/event.ts'
import type { Incident } from '../../incident/incident.ts'
import { shorten } from '../../incident/measure.ts'
import { person, say } from '../../incident/phrase.ts'
import { isActive, isOver } from '../../incident/status.ts'
import { refusedWith, type Slack } from './client.ts'
import { cutMrkdwn, mrkdwn } from './mrkdwn.ts'
import { STATUS_NAMES, type Words } from './summary.ts'

/** How many names are tried when others' channels are in the way. */
const NAMES = 5
/** Slack: invite at most 100 at once; topic at most 250 characters; bookmark title at most 256. */
const INVITES_AT_ONCE = 100
const TOPIC_LENGTH = 250
/** Our clock and Slack's may differ by so much. */
const CLOCK_SLACK_MS = 120_000

export type ChannelOptions = {
  slack: Slack
  now: () => number
  naming: { pattern: string; prefix: string }
  words: Words
  /** Addresses of an incident's documents, when Muster has a public one. */
  documents(id: string): { html: string } | undefined
}

type OwnChannel = { id: string; name: string; creator?: string; created?: number; is_archived?: boolean }

/** Everything about the incident's channel but the messages in it. */
export const channelEffects = ({ slack, now, naming, words, documents }: ChannelOptions) => {
  const learned = () => ({ by: 'slack', at: now() })

  const open = async (incident: Incident): Promise<{ channel: string; name: string }> => {
    for (let attempt = 1; attempt <= NAMES; attempt++) {
      const name = channelName(incident, naming, attempt)
      try {
        // A private incident is never opened in public: a refusal here ends the attempt, it does not widen it.
        const { channel } = await slack.call<{ channel: { id: string; name: string } }>('conversations.create', {
          name,
          is_private: incident.private,
        })
        return { channel: channel.id, name: channel.name }
      } catch (error) {
        if (!refusedWith(error, 'name_taken')) throw error
        // A second run meets the channel that the first run made, and adopts it.
        const own = await ownChannel(name, incident)
        if (own) return { channel: own.id, name: own.name }
      }
    }
    throw new Permanent(
      `Slack has ${NAMES} other channels with the name ${channelName(incident, naming)}; archive or rename one.`,
    )
  }

  /** Our own channel of this name, made for this incident: only the bot's own channels are looked through. */
  const ownChannel = async (name: string, incident: Incident): Promise<OwnChannel | undefined> => {
    const { user_id: bot } = await slack.call<{ user_id: string }>('auth.test')
    for (let cursor: string | undefined; ; ) {
      const answer = await slack.call<{ channels: OwnChannel[]; response_metadata?: { next_cursor?: string } }>(
        'users.conversations',
        {
          types: 'public_channel,private_channel',
          exclude_archived: true,
          limit: 200,
          ...(cursor ? { cursor } : {}),
        },
      )
      const found = answer.channels.find((channel) => channel.name === name)
      // A channel of the same name from another life of this number, before a database was lost, is not ours.
      if (found)
        return found.creator === bot && (found.created ?? 0) * 1000 >= incident.declaredAt - CLOCK_SLACK_MS
          ? found
          : undefined
      cursor = answer.response_metadata?.next_cursor
      if (!cursor) return undefined
    }
  }

  /** Invites one by one after a batch was refused, to learn who cannot be invited. Being there already is success. */
  const inviteEach = async (channel: string, people: string[]) => {
    const absent: string[] = []
    for (const user of people) {
      try {
        await slack.call('conversations.invite', { channel, users: user })
      } catch (error) {
        if (refusedWith(error, 'already_in_channel', 'cant_invite_self')) continue
        if (
          !refusedWith(
            error,
            'user_not_found',
            'no_user',
            'cant_invite',
            'user_is_restricted',
            'org_user_not_in_team',
            'ura_max_channels',
          )
        )
          throw error
        absent.push(user)
      }
    }
    return absent
  }

  return {
    open_channel: async (_effect: unknown, { incident }: { incident: Incident }): Promise<IncidentEvent[]> => {
      if (incident.channel || isOver(incident)) return []
      return [{ ...learned(), type: 'channel_opened', ...(await open(incident)) }]
    },

    // Inviting twice is harmless: whoever is in is in.
    invite: async (_effect: unknown, { incident }: { incident: Incident }): Promise<IncidentEvent[]> => {
      const { channel } = incident
      // Nobody is called to what is no incident any more.
      if (isOver(incident)) return []
      const wanted = [...incident.people, ...incident.found.flatMap(({ responder }) => responder ?? [])]
      const people = [...new Set(wanted)].filter((id) => !incident.invited.includes(id))
      if (!channel || (people.length === 0 && incident.steps.people?.state === 'done')) return []
      const absent: string[] = []
      for (let i = 0; i < people.length; i += INVITES_AT_ONCE) {
        const some = people.slice(i, i + INVITES_AT_ONCE)
        try {
          await slack.call('conversations.invite', { channel: channel.id, users: some.join(',') })
        } catch (error) {
          if (refusedWith(error, 'already_in_channel') && some.length === 1) continue
          if (
            !refusedWith(
              error,
              'already_in_channel',
              'user_not_found',
              'no_user',
              'cant_invite',
              'cant_invite_self',
              'user_is_restricted',
              'org_user_not_in_team',
              'ura_max_channels',
            )
          )
            throw error
          absent.push(...(await inviteEach(channel.id, some)))
        }
      }
      return [{ ...learned(), type: 'people_invited', people: people.filter((id) => !absent.includes(id)), absent }]
    },

    // Setting the same topic twice is harmless.
    set_topic: async (_effect: unknown, { incident }: { incident: Incident }): Promise<IncidentEvent[]> => {
      if (!incident.channel) return []
      const topic = cutMrkdwn(topicOf(incident, words), TOPIC_LENGTH)
      await slack.call('conversations.setTopic', { channel: incident.channel.id, topic })
      return incident.steps.topic?.state === 'done' ? [] : [{ ...learned(), type: 'step_done', step: 'topic' }]
    },

    add_bookmarks: async (
      _effect: unknown,
      { incident, attempt }: { incident: Incident; attempt: number },
    ): Promise<IncidentEvent[]> => {
      const { channel } = incident
      if (!channel) return []
      // Only a second attempt can meet what the first one added.
      const there =
        attempt > 1
          ? (
              await slack.call<{ bookmarks: { link: string }[] }>('bookmarks.list', { channel_id: channel.id })
            ).bookmarks.map(({ link }) => link)
          : []
      const wanted = bookmarksOf(incident, words, documents(incident.id)?.html).filter(
        ({ link }) => !there.includes(link),
      )
      for (const { title, link, emoji } of wanted)
        await slack.call('bookmarks.add', {
          channel_id: channel.id,
          title: shorten(title, 256),
          type: 'link',
          link,
          emoji,
        })
      return [{ ...learned(), type: 'step_done', step: 'bookmarks', text: `${wanted.length + there.length}` }]
    },
  }
}

/**
 * A mention in a topic shows as a name and pings nobody. Slack writes a line for every change of it: who works on it
 * reads the status on the summary, so that only what lasts is told here, and the end.
 */
const topicOf = (incident: Incident, { severities, roles }: Words): string => {
  const severity = severities.find(({ id }) => id === incident.severity)?.name ?? incident.severity
  const commander = roles.find(({ id }) => id === 'commander')?.name ?? 'Commander'
  const who = incident.roles.commander
    ? say`${commander} ${person(incident.roles.commander)}`
    : say`No ${commander.toLowerCase()} yet`
  return mrkdwn([
    ...say`${severity} \u00b7 ${isActive(incident.status) ? '' : `${STATUS_NAMES[incident.status]} \u00b7 `}`,
    ...who,
    ...say` \u00b7 ${incident.title}`,
  ])
}

/** Slack: only http and https addresses of at most 2,048 characters. */
const bookmarksOf = (incident: Incident, { catalogue }: Words, html: string | undefined) => {
  const service = catalogue.get(incident.service ?? '')
  return [
    ...(incident.alert?.url ? [{ title: 'Alert', link: incident.alert.url, emoji: ':rotating_light:' }] : []),
    ...((service?.runbook ?? incident.alert?.runbookUrl)
      ? [{ title: 'Runbook', link: (service?.runbook ?? incident.alert?.runbookUrl) as string, emoji: ':green_book:' }]
      : []),
    ...(service?.dashboards ?? [])
      .slice(0, 2)
      .flatMap(({ title, url }) => (url ? [{ title, link: url, emoji: ':bar_chart:' }] : [])),
    ...(html ? [{ title: 'Timeline and postmortem', link: html, emoji: ':memo:' }] : []),
  ].filter(({ link }) => /^https?:\/\//.test(link) && link.length <= 2048)
}
