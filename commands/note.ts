import { z } from 'zod'
import { readTime } from '../src/conversation/clock-time.ts'
import { defineIncidentCommand, say, time as when } from '../src/conversation/command.ts'
import { note } from '../src/incident/decide.ts'

export default defineIncidentCommand({
  summary: 'Add to the timeline, also after the fact',
  usage: 'note [HH:MM] <what happened>',
  examples: [
    'note connections are at the limit',
    'note 08:06 new image deployed',
    'note yesterday 23:50 batch job started',
    'note 10m ago restarted the pool',
  ],
  aliases: ['log'],
  async parse(text, { timezone, act }) {
    const read = /^(\d|today|yesterday)/i.test(text) ? readTime(text, await timezone(), act.at) : undefined
    return read ? { text: read.rest, time: read.time } : { text }
  },
  input: z.object({
    text: z.string().trim().min(1, 'say what happened').max(12_000, 'keep it under 12,000 characters'),
    time: z.number().optional(),
  }),
  form: () => ({
    title: 'Add to the timeline',
    submit: 'Add',
    fields: [{ name: 'text', label: 'What happened?', kind: 'text' }],
  }),
  async run({ text, time }, { act, change }) {
    await change((incident) => note(incident, { text, time }, act))
    return time === undefined ? say`Noted.` : say`Noted for ${when(time)}.`
  },
})
