import type { Incident } from '../../incident/incident.ts'
import { channel, person, say, strong, time } from '../../incident/phrase.ts'
import type { Vocabulary } from '../../incident/vocabulary.ts'
import { actions, type Block, commandButton, context, header, section } from './block.ts'
import { mrkdwn } from './mrkdwn.ts'
import { STATUS_NAMES } from './words.ts'

/** Slack: a Home tab has at most 100 blocks. */
const SHOWN = 30

/** The app's Home tab: what is burning, and one button. Private incidents show only to the people in them. */
export const homeOf = (incidents: readonly Incident[], viewer: string, { severities }: Vocabulary): Block => {
  const visible = incidents.filter((incident) => !incident.private || incident.people.includes(viewer))
  return {
    type: 'home',
    blocks: [
      header('Muster'),
      actions(commandButton('Declare an incident', 'declare', 'danger'), commandButton('Help', 'help')),
      { type: 'divider' },
      ...(visible.length === 0 ? [section('Nothing is burning. :relaxed:')] : []),
      ...visible.slice(0, SHOWN).map((incident) => {
        const severity = severities.find(({ id }) => id === incident.severity)
        return section(
          [
            say`${severity?.emoji ?? ''} ${strong(incident.id)} ${incident.title}`,
            [
              ...say`${STATUS_NAMES[incident.status]} \u00b7 since ${time(incident.declaredAt)}`,
              ...(incident.roles.commander
                ? say` \u00b7 ${person(incident.roles.commander)}`
                : say` \u00b7 nobody in command`),
              ...(incident.channel ? say` \u00b7 ${channel(incident.channel.id)}` : []),
            ],
          ]
            .map(mrkdwn)
            .join('\n'),
        )
      }),
      context('`/incident` works everywhere; in an incident\u2019s channel it acts on that incident.'),
    ],
  }
}
