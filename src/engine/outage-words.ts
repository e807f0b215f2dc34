import type { EffectType } from '../incident/effect.ts'
import { formatDuration } from '../incident/measure.ts'
import { type Phrase, say, strong, time } from '../incident/phrase.ts'

/** What operators read about an outage. No titles: an incident may be private. */
export type OutageFacts = {
  /** The name of the system: `PagerDuty`. */
  system: string
  /** Since when effects wait for it, epoch ms. */
  since: number
  /** Now, or when it was over, epoch ms. */
  at: number
  /** The error of one effect. */
  reason: string | undefined
  /** What waits, or went out late. */
  effects: readonly EffectType[]
}

export const outageBegan = ({ system, since, at, reason, effects }: OutageFacts): Phrase[] => [
  ...say`:warning: ${strong(system)} has not worked for Muster for ${formatDuration(at - since)}${reason ? `: ${withoutStop(reason)}` : ''}. `,
  ...say`${counted(effects)} ${effects.length === 1 ? 'waits' : 'wait'} for it and will be carried out once it is back.`,
  ...(effects.some(isPage) ? say` Call people by phone if somebody is needed now.` : []),
]

export const outageEnded = ({ system, since, at, effects }: OutageFacts): Phrase[] => [
  ...say`:white_check_mark: ${strong(system)} works again after ${formatDuration(at - since)}, from ${time(since)} to ${time(at)}`,
  ...(effects.length > 0 ? say`; ${counted(effects)} went out late` : []),
  ...say`.`,
]

const isPage = (type: EffectType): boolean => PAGES.has(type)
const PAGES: ReadonlySet<EffectType> = new Set(['page', 'page_responder', 'escalate_page'])

/** `4 pages, 1 channel and 12 other steps`; the most important first. */
const counted = (effects: readonly EffectType[]): string => {
  const pages = effects.filter(isPage).length
  const channels = effects.filter((type) => type === 'open_channel').length
  const others = effects.length - pages - channels
  const other = pages + channels > 0 ? 'other step' : 'step'
  const parts = [
    ...(pages > 0 ? [plural(pages, 'page')] : []),
    ...(channels > 0 ? [plural(channels, 'channel')] : []),
    ...(others > 0 ? [plural(others, other)] : []),
  ]
  return [parts.slice(0, -1).join(', '), ...parts.slice(-1)].filter(Boolean).join(' and ')
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** An open breaker says when it tries again, which is over by the time this is read: what opened it is the reason. */
const withoutStop = (reason: string): string => {
  const [, why] = /tries again in \d+ s\.(?: \((.*)\))?$/.exec(reason) ?? []
  return (why ?? reason).replace(/\.$/, '')
}
