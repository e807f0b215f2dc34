import { z } from 'zod'
import { changedOr, defineIncidentCommand, Refusal, say, strong, words } from '../src/conversation/command.ts'
import { mergeInto } from '../src/incident/decide.ts'
import { OPEN_STATUSES } from '../src/incident/status.ts'

export default defineIncidentCommand({
  summary: 'It is the same as another incident: go on there',
  usage: 'merge <INC-n>',
  examples: ['merge INC-7'],
  aliases: ['duplicate', 'attach'],
  parse: (text) => ({ into: words(text)[0]?.toUpperCase() ?? '' }),
  input: z.object({ into: z.string().regex(/^INC-\d+$/, 'name the incident it is the same as, like INC-7') }),
  async form({ incident, list }) {
    const others = (await list(OPEN_STATUSES)).filter(({ id, status }) => id !== incident.id && status !== 'triage')
    if (others.length === 0) throw new Refusal('No other incident is open to merge it into.')
    return {
      title: 'Merge the incident',
      submit: 'Merge',
      fields: [
        {
          name: 'into',
          label: 'Which one goes on?',
          kind: 'choice',
          hint: 'The alerts move there. What people wrote stays here, and reopening takes it back.',
          options: others.map(({ id, title }) => ({ value: id, label: `${id} ${title}` })),
        },
      ],
    }
  },
  async run({ into }, { act, change, list }) {
    if (!(await list(OPEN_STATUSES)).some(({ id }) => id === into))
      throw new Refusal(`There is no open ${into} that you can see. \`/incident list\` shows the open ones.`)
    const { incident, events } = await change((now) => mergeInto(now, { into }, act))
    return changedOr(
      events,
      say`${incident.id} is merged into ${strong(into)}; its alerts move there. Reopening it takes that back.`,
      say`${incident.id} is merged into ${into} already.`,
    )
  },
})
