import { z } from 'zod'
import type { IncidentContext } from '../src/conversation/command.ts'
import { defineCommand, Mention, person, Refusal, say, words } from '../src/conversation/command.ts'
import { grantAccess } from '../src/incident/privacy.ts'

export default defineCommand({
  summary: 'Ask to be let into a private incident, or let somebody in',
  usage: 'access <INC-n> | access <@person>',
  examples: ['access INC-7', 'access @dana'],
  aliases: ['invite', 'join'],
  parse: (text) => ({ what: words(text).at(-1) ?? '' }),
  input: z.object({
    what: z
      .string()
      .regex(/^(INC-\d+|<@[UW][A-Z0-9]+(\|[^>]*)?>)$/i, 'name an incident, like INC-7, or mention a person'),
  }),
  async run({ what }, context) {
    const asked = Mention.safeParse(what)
    if (!asked.success) {
      await context.requestAccess(what.toUpperCase())
      return say`If ${what.toUpperCase()} is private, the people in it see that you ask. Whoever lets you in brings you to its channel.`
    }
    // Where there is an incident, a command that works anywhere gets it, too.
    if (!('incident' in context))
      throw new Refusal('Let people in from the channel of the incident, like `access @dana`.')
    const { change, act } = context as IncidentContext
    const { events } = await change((now) => grantAccess(now, { responder: asked.data }, act))
    return events.length > 0 ? say`${person(asked.data)} is invited.` : say`${person(asked.data)} is in already.`
  },
})
