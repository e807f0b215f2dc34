import { callFactSentence } from '../../../incident/call-fact.ts'
import type { Incident } from '../../../incident/incident.ts'
import { formatDuration } from '../../../incident/measure.ts'
import { code, type Phrase, say, strong, time } from '../../../incident/phrase.ts'
import type { LatestRanking, RankedSuspect } from '../../../incident/ranking.ts'
import {
  changePhrases,
  LABEL_ADVICE,
  leadPhrases,
  readPhrases,
  signalPhrases,
  unreadable,
  wasPhrases,
} from '../../../incident/ranking-words.ts'
import { isActive } from '../../../incident/status.ts'
import { actions, type Block, commandButton, context, section } from '../block.ts'
import { mrkdwn } from '../mrkdwn.ts'
import type { Message } from '../post.ts'

const MOST_NAMED = 5

/** The suspects in the summary's thread: up to three with their reasons, what is new in the call graph, how much was read. */
export const suspectsMessage = (incident: Incident, ranking: LatestRanking): Message => {
  const text = mrkdwn(leadPhrases(ranking))
  return {
    text,
    blocks: [
      section(`:mag: *Where to look first*\n${text}`),
      ...(unreadable(ranking) === undefined ? ranking.suspects.map(suspectBlock) : []),
      ...(ranking.facts.length > 0
        ? [section(ranking.facts.map((fact) => `:new: ${mrkdwn(callFactSentence(fact))}`).join('\n'))]
        : []),
      context(mrkdwn(footer(ranking))),
      ...(ranking.problems.length > 0 && ranking.read.series > 0
        ? [context(mrkdwn(say`:warning: Not everything could be read: ${ranking.problems.join(' ')}`))]
        : []),
      ...(isActive(incident.status)
        ? [actions(commandButton('Rank again', 'suspects'), commandButton('Record the cause', 'cause'))]
        : []),
    ],
  }
}

const suspectBlock = (suspect: RankedSuspect, index: number): Block => {
  const { service, label, signals, explainedBy, explains, virtual, change } = suspect
  const lines: Phrase[][] = [
    [
      ...say`${index + 1}. ${strong(service)} \u00b7 ${label === 'no clear suspect' ? 'weak evidence' : label}`,
      ...(virtual ? say` \u00b7 as its callers see it` : []),
      ...(explainedBy ? say` \u00b7 explained by ${code(explainedBy)}` : []),
    ],
    ...signals.map((signal) => say`\u2022 ${signalPhrases(signal)}`),
    ...(explains.length > 0 ? [say`\u2022 explains the trouble of ${named(explains)}`] : []),
    ...(change ? [say`\u2022 changed: ${changePhrases(change)}`] : []),
  ]
  return section(lines.map((line) => mrkdwn(line)).join('\n'))
}

const named = (services: readonly string[]): Phrase[] => {
  const more = services.length - MOST_NAMED
  const shown = services.slice(0, MOST_NAMED).flatMap((service, i) => [...(i > 0 ? say`, ` : []), code(service)])
  return more > 0 ? [...shown, ...say` and ${more} more`] : shown
}

const footer = (ranking: LatestRanking): Phrase[] => {
  const { at, before, services, leftOut, label, leadSince, record } = ranking
  if (unreadable(ranking) !== undefined) return say`Ranked ${time(at)}. ${code('/incident suspects')} tries again.`
  return [
    ...say`${LABEL_ADVICE[label]} `,
    ...(label === 'likely' && record ? say`"Likely" was right ${record.right} of ${record.of} times here. ` : []),
    ...say`${readPhrases(ranking)}, ${services} ${services === 1 ? 'service' : 'services'}`,
    ...(leftOut > 0 ? say`; ${leftOut} farther services were too many to look at` : []),
    ...say` \u00b7 ranked ${time(at)}`,
    ...(before ? say` \u00b7 ${wasPhrases(before)} until ${time(before.at)}` : []),
    ...(at - leadSince >= 60_000 ? say` \u00b7 unchanged for ${formatDuration(at - leadSince)}` : []),
  ]
}
