import type { CallGraph } from '../../../incident/call-graph.ts'
import { callGraphInWords } from '../../../incident/call-graph-words.ts'
import { changeInWords } from '../../../incident/chart-words.ts'
import type { Snapshot } from '../../../incident/evidence.ts'
import { shorten } from '../../../incident/measure.ts'
import { code, link, say, strong } from '../../../incident/phrase.ts'
import { clockIn } from '../../../incident/zone.ts'
import { type Block, context } from '../block.ts'
import { mrkdwn } from '../mrkdwn.ts'

/** An uploaded picture with its caption. */
export const pictureBlocks = (found: Snapshot, file: string, zone: string): Block[] => [
  {
    type: 'image',
    slack_file: { id: file },
    alt_text: shorten(altTextOf(found, zone), 2000),
    title: { type: 'plain_text', text: shorten(found.title, 2000) },
  },
  context(mrkdwn(captionOf(found, zone))),
]

/** What a picture shows, for those who cannot see it. */
export const altTextOf = (found: Snapshot, zone: string): string => {
  if (found.kind === 'call_graph') return callGraphInWords(found)
  const change = found.kind === 'chart' ? changeInWords(found, zone) : ''
  return change ? `${found.title}: ${change}` : found.title
}

/** In the zone of the picture above it, which names it. */
const captionOf = (found: Snapshot, zone: string) => {
  if (found.kind === 'call_graph') return callGraphCaption(found, zone)
  if (found.kind !== 'chart') return say`${found.title}${found.url ? say` \u00b7 ${link(found.url, 'open')}` : []}`
  const { from, to, query, calm, url, notes } = found
  const clock = clockIn(zone)
  return [
    ...say`${strong(altTextOf(found, zone))} \u00b7 ${clock.time(from)} to ${clock.time(to)}, ${clock.name(to)} \u00b7 ${code(shorten(query, 300))}`,
    ...(calm === null ? say` \u00b7 no calm hour seen before it` : []),
    ...(url ? say` \u00b7 ${link(url, 'open')}` : []),
    ...(notes.length > 0 ? say` \u00b7 ${notes.join('; ')}` : []),
  ]
}

/** Who is in trouble and what is new, in words; the calls themselves are in the picture and its alternative text. */
const callGraphCaption = ({ title, at, source, nodes, edges }: CallGraph, zone: string) => {
  const clock = clockIn(zone)
  const suspects = nodes.filter(({ state }) => state === 'likely' || state === 'possible')
  const added = edges.filter(({ isNew }) => isNew)
  return [
    ...say`${strong(title)} \u00b7 ${clock.time(at)}, ${clock.name(at)} \u00b7 ${source}`,
    ...suspects.flatMap(({ service, words }) => say` \u00b7 ${code(service)}: ${words.join(', ')}`),
    ...added.flatMap(({ client, server }) => say` \u00b7 new: ${code(client)} calls ${code(server)}`),
  ]
}
