import { z } from 'zod'
import { code, defineIncidentCommand, Refusal, say } from '../src/conversation/command.ts'
import { PLAYBOOK_PARTS } from '../src/incident/playbook.ts'

const part = z.string('type just `edit-playbook`; a form opens').max(3_000, 'keep it under 3,000 characters').nullish()
const textOf = (text: string | null | undefined): string => text?.trim() ?? ''

export default defineIncidentCommand({
  summary: 'Edit and keep the playbook for what this looks like',
  usage: 'edit-playbook',
  examples: ['edit-playbook'],
  input: z.object({
    title: z
      .string('type just `edit-playbook`; a form opens')
      .trim()
      .min(1, 'give it a title')
      .max(120, 'keep it under 120 characters'),
    symptoms: part,
    looks: part,
    mitigations: part,
    people: part,
  }),
  async form({ incident, learning }) {
    if (incident.private)
      throw new Refusal(`${incident.id} is private, and everybody can read playbooks. Write it from another incident.`)
    const playbook = (await learning.playbook(incident))?.playbook
    return {
      title: 'Playbook',
      submit: 'Keep',
      fields: [
        { name: 'title', label: 'What is it for?', kind: 'line', initial: playbook?.title ?? incident.title },
        ...PLAYBOOK_PARTS.map(({ name, label }) => ({
          name,
          label,
          kind: 'text' as const,
          optional: true,
          ...(playbook?.[name] ? { initial: playbook[name] } : {}),
        })),
      ],
    }
  },
  async run({ title, symptoms, looks, mitigations, people }, { incident, learning }) {
    const kept = await learning.keepPlaybook(incident, {
      title,
      symptoms: textOf(symptoms),
      looks: textOf(looks),
      mitigations: textOf(mitigations),
      people: textOf(people),
    })
    return say`Kept as ${kept.id}, edition ${kept.edition}. It is offered when an incident looks like ${kept.from}; ${code('/incident playbook')} shows it.`
  },
})
