import { z } from 'zod'
import { code, defineIncidentCommand, link, type Phrase, say, strong, typed } from '../src/conversation/command.ts'
import { PLAYBOOK_PARTS } from '../src/incident/playbook.ts'

export default defineIncidentCommand({
  summary: 'Show what to do: the playbook for what this looks like',
  usage: 'playbook',
  examples: ['playbook', 'playbook INC-42'],
  aliases: ['pb', 'playbooks'],
  input: z.object({ text: z.literal('', 'type just `playbook`, or `playbook INC-42` for another incident') }),
  async run(_input, { incident, learning }) {
    const offered = await learning.playbook(incident)
    if (!offered)
      return say`There is no playbook for this yet, and no past incident is much like it. When ${incident.id} is resolved, ${code('/incident playbook')} drafts one from its timeline.`
    const { playbook } = offered
    const from =
      offered.kind === 'saved'
        ? say`${strong(`${offered.playbook.id} ${playbook.title}`)} \u00b7 kept from ${playbook.from}, edition ${offered.playbook.edition}`
        : say`${strong(playbook.title)} \u00b7 a draft from the timeline of ${playbook.from}; nobody has reviewed it`
    const parts = PLAYBOOK_PARTS.flatMap(({ name, label, empty }): Phrase[][] => [
      say`${strong(label)}`,
      ...(playbook[name] || empty).split('\n').map((line) => [...say`\u2022 `, ...withLink(line)]),
    ])
    return {
      to: 'you',
      lines: [from, ...parts],
      ...(incident.private
        ? {}
        : { next: [{ label: offered.kind === 'saved' ? 'Edit' : 'Edit and keep', command: 'edit-playbook' }] }),
    }
  },
})

/** `P90 latency: https://...` is a link of that name. */
const withLink = (line: string): Phrase[] => {
  const [, label, url] = /^(.{1,200}?):? (https?:\/\/\S+)$/.exec(line) ?? []
  return label && url ? [link(url, label)] : typed(line)
}
