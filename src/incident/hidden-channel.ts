import type { Incident } from './incident.ts'

/** Why steps fail in a private channel that is gone. Slack: a bot that was removed from one gets the same answer. */
export const CHANNEL_HIDDEN =
  'Slack does not show me the private channel any more: it was deleted, or I was removed from it.'

/** How many steps failed because the private channel is gone. */
export const hiddenSteps = ({ failures }: Incident): number =>
  Object.values(failures).filter(({ reason }) => reason === CHANNEL_HIDDEN).length
