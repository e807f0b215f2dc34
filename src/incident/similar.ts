import { z } from 'zod'
import type { ImportedFrom } from './imported.ts'
import { code, type Phrase, person, say, strong } from './phrase.ts'

/** A similar past incident, with the reasons. */
export type SimilarIncident = {
  incident: string
  title: string
  /** Epoch ms. */
  declaredAt: number
  /** Higher is more similar; only meaningful for ordering. */
  score: number
  /** `same alert`, `same service`, ... */
  reasons: string[]
  /** Its fix: the text of its resolution, or the last note before it was mitigated. */
  fix?: { text: string; known: 'outcome' | 'note' }
  /** To mitigation, or where that is unknown to resolution, ms. */
  tookMs?: number
  /** Slack channel id. */
  channel?: string
  imported?: ImportedFrom
}

/**
 * What was found at the opening. Titles and texts are read when it is shown: an incident made private in the meantime
 * must not be quoted.
 */
export const SimilarFound = z.object({
  similar: z.array(z.object({ incident: z.string(), reasons: z.array(z.string()) })),
  /** A saved playbook that matches. */
  playbook: z.object({ id: z.string(), title: z.string() }).optional(),
})
export type SimilarFound = z.infer<typeof SimilarFound>

const UNITS = [
  ['year', 365 * 86_400_000],
  ['month', 30 * 86_400_000],
  ['week', 7 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const

/** `3 weeks ago`; `just now` below a minute. */
export const ago = (at: number, now: number): string => {
  const [unit, ms] = UNITS.find(([, length]) => now - at >= length) ?? []
  if (!unit || !ms) return 'just now'
  const count = Math.floor((now - at) / ms)
  return `${count} ${unit}${count === 1 ? '' : 's'} ago`
}

/** `same alert, same service, 3 weeks ago; fixed by: restarted the pool`. */
export const similarPhrases = (
  { reasons, declaredAt, fix }: Pick<SimilarIncident, 'reasons' | 'declaredAt' | 'fix'>,
  now: number,
): Phrase[] => [
  ...say`${[...reasons, ago(declaredAt, now)].join(', ')}`,
  ...(fix ? say`; ${fix.known === 'outcome' ? 'fixed by' : 'mitigated after'}: ${fix.text}` : []),
]

const MOST_WORKED = 3

/** What stopped the harm before: the playbook, and what ended incidents like it. */
export const workedBefore = (
  playbook: SimilarFound['playbook'],
  similar: readonly Omit<SimilarIncident, 'score'>[],
  now: number,
): Phrase[][] => [
  ...(playbook ? [say`Playbook ${strong(playbook.title)}: ${code('/incident playbook')}`] : []),
  ...similar
    .flatMap((one) => (one.fix ? [say`${strong(one.incident)} (${ago(one.declaredAt, now)}): ${one.fix.text}`] : []))
    .slice(0, MOST_WORKED),
]

/** As it stands in the log. */
export const similarSentence = ({ similar, playbook }: SimilarFound): Phrase[] | undefined =>
  similar[0]
    ? say`${person('muster')} found that it looks like ${similar[0].incident}: ${similar[0].reasons.join(', ')}${playbook ? `; the playbook for that is ${playbook.id}, ${playbook.title}` : ''}`
    : playbook && say`${person('muster')} found playbook ${playbook.id} for it, ${playbook.title}`
