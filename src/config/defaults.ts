import type { z } from 'zod'
import type { Role, Severity } from '../incident/status.ts'

/** Worst first. */
export const SEVERITIES: z.input<typeof Severity>[] = [
  {
    id: 'sev1',
    name: 'SEV1',
    emoji: ':red_circle:',
    description: 'Customers cannot use the product.',
    updateEveryMinutes: 30,
  },
  {
    id: 'sev2',
    name: 'SEV2',
    emoji: ':large_orange_circle:',
    description: 'An important part is broken or slow.',
    updateEveryMinutes: 60,
  },
  {
    id: 'sev3',
    name: 'SEV3',
    emoji: ':large_yellow_circle:',
    description: 'Some customers notice; there is a way around it.',
    updateEveryMinutes: 180,
  },
  { id: 'sev4', name: 'SEV4', emoji: ':white_circle:', description: 'Nobody outside notices.' },
]

export const ROLES: z.input<typeof Role>[] = [
  { id: 'commander', name: 'Commander', description: 'Decides, and keeps order. Does not fix things.' },
  { id: 'communications', name: 'Communications', description: 'Tells everybody else where things stand.' },
  { id: 'operations', name: 'Operations', description: 'Changes the systems; the only one who does.' },
  { id: 'scribe', name: 'Scribe', description: 'Notes what is seen, tried and decided.' },
]
