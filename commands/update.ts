import { z } from 'zod'
import { defineIncidentCommand, firstWord, Refusal, say, time } from '../src/conversation/command.ts'
import type { RecordedEvent } from '../src/incident/event.ts'
import { shorten } from '../src/incident/measure.ts'
import { isPerson } from '../src/incident/phrase.ts'
import { postUpdate, snoozeUpdate } from '../src/incident/update.ts'

const NEXT_MINUTES = [15, 30, 60, 120, 240]
const text = z.string().trim().max(12_000, 'keep it under 12,000 characters')

export default defineIncidentCommand({
  summary: 'Post an update for stakeholders',
  usage: 'update <text>',
  examples: ['update rolling back the 02:50 deploy', 'update snooze 30', 'update not needed'],
  parse(typed) {
    const [, minutes] = /^snooze(?:\s+(\d+)\s*(?:m|min|minutes)?)?$/i.exec(typed.trim()) ?? []
    if (/^snooze\b/i.test(typed.trim()) && (minutes || firstWord(typed)[1] === ''))
      return { text: '', snooze: Number(minutes ?? 30) }
    return /^(not needed|skip)$/i.test(typed.trim()) ? { text: '', snooze: 'until the next update' } : { text: typed }
  },
  input: z
    .object({
      text,
      doing: text.nullish(),
      public: text.nullish(),
      /** Minutes from now; a form submits text. */
      next: z.coerce.number().positive('say in how many minutes the next update comes').nullish(),
      snooze: z.union([z.number(), z.literal('until the next update')]).optional(),
    })
    .refine(({ text, snooze }) => text !== '' || snooze !== undefined, {
      path: ['text'],
      message: 'say what the current situation is',
    }),
  form: async ({ incident, events, vocabulary: { severities } }) => {
    if (incident.status === 'cancelled' || incident.status === 'merged')
      throw new Refusal(`${incident.id} is ${incident.status}, so there is nobody left to update.`)
    const cadence = severities.find(({ id }) => id === incident.severity)?.updateEveryMinutes
    const choices = [...new Set([...NEXT_MINUTES, ...(cadence ? [cadence] : [])])].sort((a, b) => a - b)
    const doing = incident.actions.filter(({ done }) => !done).map((item) => item.text)
    return {
      title: 'Post an update',
      submit: 'Post',
      fields: [
        {
          name: 'text',
          label: 'What do we know?',
          kind: 'text',
          initial: knownSince(await events(), incident.updatedAt ?? 0),
          ...(incident.latestUpdate ? { hint: `Last time: ${shorten(incident.latestUpdate, 140)}` } : {}),
        },
        { name: 'doing', label: 'What are we doing?', kind: 'text', optional: true, initial: doing.join('\n') },
        {
          name: 'next',
          label: 'Next update',
          kind: 'choice',
          optional: true,
          ...(cadence ? { initial: String(cadence) } : {}),
          options: choices.map((minutes) => ({ value: String(minutes), label: `in ${minutes} min` })),
        },
        {
          name: 'public',
          label: 'What do people outside this channel read?',
          kind: 'text',
          optional: true,
          hint: 'Without it they read the same: under the announcement, in stakeholder channels, and as subscribers.',
        },
      ],
    }
  },
  async run({ text: known, doing, public: outside, next, snooze }, { act, change }) {
    if (snooze !== undefined) {
      const minutes = typeof snooze === 'number' ? snooze : undefined
      await change((now) => snoozeUpdate(now, { minutes }, act))
      return minutes === undefined
        ? say`Nobody is reminded of an update before the next one is posted.`
        : say`Nobody is reminded of an update before ${time(act.at + minutes * 60_000)}.`
    }
    const nextBy = next ? act.at + next * 60_000 : undefined
    const wanted = { text: known, doing: doing ?? undefined, public: outside ?? undefined, nextBy }
    const { incident } = await change((now) => postUpdate(now, wanted, act))
    const followers = incident.subscribers?.length ?? 0
    return say`Recorded. I am posting it here${incident.messages.announcement ? ', under the announcement' : ''}${followers > 0 ? `, and to ${followers} ${followers === 1 ? 'subscriber' : 'subscribers'}` : ''}.`
  },
})

/** What people wrote down since the last update, as a first draft of the next one. */
const knownSince = (events: readonly RecordedEvent[], since: number): string =>
  events
    .flatMap((event) =>
      (event.type === 'noted' || event.type === 'status_changed' || event.type === 'impact_described') &&
      event.at > since &&
      isPerson(event.by) &&
      event.text
        ? [event.text]
        : [],
    )
    .slice(-5)
    .map((line) => shorten(line, 500))
    .join('\n')
