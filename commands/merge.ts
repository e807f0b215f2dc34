import { z } from 'zod'
import { changedOr, code, defineIncidentCommand, Refusal, say, strong, words } from '../src/conversation/command.ts'
import { mergeInto } from '../src/incident/decide.ts'
import { shorten } from '../src/incident/measure.ts'
import { isActive, OPEN_STATUSES } from '../src/incident/status.ts'

/** Slack: a menu holds 100 options, and the text of one 75 characters. */
const MOST_OPTIONS = 100
const OPTION_CHARACTERS = 75

export default defineIncidentCommand({
  summary: 'Merge this incident into another one',
  usage: 'merge <INC-n>',
  examples: ['merge INC-7', 'merge INC-3 INC-7 (from anywhere: INC-3 is merged into INC-7)'],
  aliases: ['duplicate', 'attach'],
  argument: 'incident',
  parse: (text) => ({ into: words(text)[0]?.toUpperCase() ?? '' }),
  input: z.object({ into: z.string().regex(/^INC-\d+$/, 'name the incident to merge this one into, like INC-7') }),
  async form({ incident, act, list }) {
    // Rejects what could not be merged anywhere.
    mergeInto(incident, { into: '' }, act)
    const others = (await list(OPEN_STATUSES)).filter(({ id, status }) => id !== incident.id && status !== 'triage')
    if (others.length === 0) throw new Refusal('No other incident is open to merge this one into.')
    return {
      title: 'Merge the incident',
      submit: 'Merge',
      fields: [
        {
          name: 'into',
          label: 'Merge into',
          kind: 'choice',
          hint: 'Its alerts move there. The timeline stays here, and reopening takes the merge back.',
          options: others
            .slice(0, MOST_OPTIONS)
            .map(({ id, title }) => ({ value: id, label: shorten(`${id} ${title}`, OPTION_CHARACTERS) })),
        },
      ],
    }
  },
  async run({ into }, { act, change, find, incident: here }) {
    const target = into === here.id ? here : await find(into)
    if (!target || !isActive(target.status))
      throw new Refusal(`There is no open ${into} that you can see. \`/incident list\` shows the open ones.`)
    if (here.private && !target.private)
      throw new Refusal(
        `${here.id} is private and ${into} is not: merged, its alerts would show there. \`/incident private ${into}\` makes that one private, too.`,
      )
    const { incident, events } = await change((now) => mergeInto(now, { into }, act))
    return changedOr(
      events,
      say`${incident.id} is merged into ${strong(into)}, and its alerts move there. ${code('/incident reopen')} takes it back.`,
      say`${incident.id} is already merged into ${into}.`,
    )
  },
})
