import { z } from 'zod'
import { defineIncidentCommand, person, Refusal, say, strong } from '../src/conversation/command.ts'
import { claimRole } from '../src/incident/commander.ts'

export default defineIncidentCommand({
  summary: 'Take a role that nobody holds',
  usage: 'claim [role]',
  examples: ['claim', 'claim scribe'],
  input: z.object({ text: z.string().trim().max(100, 'name a role').toLowerCase() }),
  async run({ text }, { act, change, vocabulary: { roles } }) {
    const wanted = text || 'commander'
    const known = roles.find(({ id, name }) => id === wanted || name.toLowerCase() === wanted)
    if (!known) throw new Refusal(`There is no role ${wanted}. Choose one of ${roles.map(({ id }) => id).join(', ')}.`)
    const { events, incident } = await change((now) => claimRole(now, { role: known.id }, act))
    const holder = incident.roles[known.id]
    if (events.length > 0) return say`You are now ${strong(known.name)}. ${known.description}`
    if (holder === act.by || !holder) return say`You are already ${strong(known.name)}.`
    return say`${person(holder)} is ${strong(known.name)} already. Ask them to hand it over (${{ code: '/incident handover' }}), or reassign it with ${{ code: `/incident assign ${known.id} me` }}.`
  },
})
