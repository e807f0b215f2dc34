import { z } from 'zod'
import { defineIncidentCommand, Refusal, say, strong } from '../src/conversation/command.ts'
import { releaseRole } from '../src/incident/decide.ts'
import { rolesOf } from '../src/incident/handover.ts'

export default defineIncidentCommand({
  summary: 'Give up a role',
  usage: 'release [role]',
  examples: ['release', 'release scribe'],
  aliases: ['unassign'],
  input: z.object({ text: z.string().trim().max(100, 'name a role').toLowerCase() }),
  async run({ text }, { act, change, incident, vocabulary: { roles } }) {
    const held = rolesOf(incident, act.by)
    const wanted = text || (held.length === 1 ? (held[0] as string) : '')
    if (!wanted)
      throw new Refusal(
        held.length === 0
          ? `You hold no role in ${incident.id}. Name the role to release: \`release scribe\`.`
          : `You hold ${held.join(' and ')}. Name the one to give up: \`release ${held[0]}\`.`,
      )
    const known = roles.find(({ id, name }) => id === wanted || name.toLowerCase() === wanted)
    if (!known) throw new Refusal(`There is no role ${wanted}. Choose one of ${roles.map(({ id }) => id).join(', ')}.`)
    const { events } = await change((now) => releaseRole(now, { role: known.id }, act))
    return events.length > 0
      ? say`${strong(known.name)} of ${incident.id} is free now. Anybody can take it: ${{ code: `/incident assign ${known.id} me` }}`
      : say`Nobody is ${strong(known.name)} of ${incident.id}.`
  },
})
