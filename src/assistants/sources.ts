import { note } from '../incident/decide.ts'
import type { IncidentEvent } from '../incident/event.ts'
import type { Incident } from '../incident/incident.ts'
import type { OnCallPerson, Sources } from './tool.ts'

export type SourcesOptions = Omit<Sources, 'onCall' | 'addNote'> & {
  /** Who is on call for a PagerDuty service; absent without PagerDuty. */
  onCalls?:
    | ((
        of: { service: string },
        signal: AbortSignal,
      ) => Promise<(Omit<OnCallPerson, 'name'> & { person: { name: string } })[]>)
    | undefined
  /** Changes one incident through the recorder; absent where assistants may not write. */
  change?:
    | ((id: string, decide: (incident: Incident) => IncidentEvent[], once: string) => Promise<{ repeated: boolean }>)
    | undefined
  /** Epoch ms. */
  now(): number
}

/** Everything that the tools of assistants use, from the parts that `serve` and `muster mcp` have in common. */
export const assistantSources = ({ onCalls, change, now, ...sources }: SourcesOptions): Sources => ({
  ...sources,
  onCall:
    onCalls &&
    (async ({ pagerdutyService }, signal) => {
      const rows = pagerdutyService === undefined ? [] : await onCalls({ service: pagerdutyService }, signal)
      return rows.map(({ person, ...row }) => ({ ...row, name: person.name }))
    }),
  addNote:
    change &&
    (async ({ incident, text, time, client, user, once }) => {
      const assistant = { ...(client ? { client } : {}), ...(user ? { for: user } : {}) }
      const decide = (state: Incident) => note(state, { text, time, assistant }, { by: 'assistant', at: now() })
      return !(await change(incident, decide, once)).repeated
    }),
})
