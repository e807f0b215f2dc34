import type { Reply } from '../incident/form.ts'
import type { Incident } from '../incident/incident.ts'
import { say } from '../incident/phrase.ts'
import { isOver } from '../incident/status.ts'
import type { CommandContext } from './command.ts'

/** Slack: a button's value has at most 2,000 characters. */
const LONGEST_LINK = 1_900

/** The links in a text, in order. */
export const linksIn = (text: string): string[] => text.match(/https?:\/\/[^\s<>|"')]+/g) ?? []

/** The first link of a text that leads to a panel or a dashboard of the connected Grafana. */
export const panelLinkIn = (text: string, grafana: CommandContext['grafana']): string | undefined =>
  grafana && linksIn(text).find((link) => link.length <= LONGEST_LINK && grafana.isOurs(link))

/** The offer made to whoever posted the link in the incident's channel. */
export const freezeOffer = (incident: Incident, link: string): Reply | undefined =>
  isOver(incident)
    ? undefined
    : {
        lines: [
          say`Grafana will show something else tomorrow. ${incident.id} can keep what this shows now, for its postmortem too.`,
        ],
        to: 'you',
        next: [{ label: 'Freeze this', command: `evidence ${link}` }],
      }
