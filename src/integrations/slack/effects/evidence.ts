import type { CallGraph } from '../../../incident/call-graph.ts'
import type { EffectContext } from '../../../incident/effect-handler.ts'
import type { IncidentEvent } from '../../../incident/event.ts'
import type { Drawable, LogsSnapshot, Snapshot } from '../../../incident/evidence.ts'
import { patternLines } from '../../../incident/log-words.ts'
import { shorten } from '../../../incident/measure.ts'
import { code, link, say, strong } from '../../../incident/phrase.ts'
import type { Vocabulary } from '../../../incident/vocabulary.ts'
import { clockIn } from '../../../incident/zone.ts'
import { type Block, context } from '../block.ts'
import { refusedWith } from '../client.ts'
import { mrkdwn } from '../mrkdwn.ts'
import type { Poster } from '../post.ts'
import { altTextOf, createPictures } from './picture.ts'
import type { UploadOptions } from './upload.ts'
import { waitForSummary } from './wait-for-summary.ts'

export type EvidenceOptions = UploadOptions & {
  poster: Poster
  words: Vocabulary
  snapshot(hash: string): Promise<Snapshot | undefined>
  chartPng(picture: Drawable): Promise<Buffer>
}

/** Puts the evidence into the summary's thread: charts as pictures, log lines as they were written. */
export const evidenceEffects = ({ poster, snapshot, chartPng, words, ...options }: EvidenceOptions) => {
  const zone = words.timezone ?? 'UTC'
  const pictureOf = createPictures({ ...options, words, chartPng })

  return {
    show_evidence: async (
      { snapshots }: { snapshots: string[] },
      { incident, effectId, attempt, queuedAt, progress, signal }: EffectContext,
    ): Promise<IncidentEvent[]> => {
      const { summary } = incident.messages
      waitForSummary(incident, attempt)
      if (!incident.channel) return []
      const blocks: Block[] = []
      for (const hash of snapshots) {
        const found = await snapshot(hash)
        if (found?.kind === 'logs') blocks.push(...logBlocks(found, zone))
        const picture = found && (await pictureOf(hash, found, { progress, signal }))
        if (found && picture) blocks.push(picture, context(mrkdwn(captionOf(found, zone))))
      }
      if (blocks.length === 0) return []
      try {
        await poster.post({
          channel: incident.channel.id,
          threadTs: summary?.ts,
          text: `Evidence for ${incident.id}`,
          blocks,
          effectId,
          attempt,
          since: queuedAt,
          signal,
        })
      } catch (error) {
        // Still processing after all our checks: the next attempt finds the files ready.
        if (refusedWith(error, 'invalid_blocks') && String((error as Error).message).includes('slack file'))
          throw new Error('Slack is still processing the picture.', { cause: error })
        throw error
      }
      return []
    },
  }
}

/** Slack: a message's blocks together hold about 13,200 characters; beside the charts, log lines get a part of them. */
const LOG_CHARACTERS = 5_000

/** Log lines, verbatim: rich text has no markup that a line could use. One line represents its whole pattern. */
const logBlocks = (logs: LogsSnapshot, zone: string): Block[] => {
  const clock = clockIn(zone)
  const lines = patternLines(logs, clock.seconds) ?? logs.lines.map(({ at, text }) => `${clock.seconds(at)} ${text}`)
  const caption = [
    ...say`${strong(logs.title)}${lines.length === 0 ? ': nothing unusual' : ''} \u00b7 ${code(shorten(logs.query, 300))} \u00b7 ${clock.name(logs.to)}`,
    ...(logs.notes.length > 0 ? say` \u00b7 ${logs.notes.join('; ')}` : []),
  ]
  if (lines.length === 0) return [context(mrkdwn(caption))]
  return [
    {
      type: 'rich_text',
      elements: [
        {
          type: 'rich_text_preformatted',
          elements: [{ type: 'text', text: shorten(lines.join('\n'), LOG_CHARACTERS) }],
        },
      ],
    },
    context(mrkdwn(caption)),
  ]
}

/** In the zone of the picture above it, which names it. */
export const captionOf = (found: Snapshot, zone: string) => {
  if (found.kind === 'call_graph') return callGraphCaption(found, zone)
  if (found.kind !== 'chart') return say`${found.title}${found.url ? say` \u00b7 ${link(found.url, 'open')}` : []}`
  const { from, to, query, calm, url, notes } = found
  const clock = clockIn(zone)
  return [
    ...say`${strong(altTextOf(found, zone))} \u00b7 ${clock.time(from)} to ${clock.time(to)}, ${clock.name(to)}`,
    // A ranking's chart is read from several queries; it names the signal, as its title does.
    ...(found.title.startsWith(query) ? [] : say` \u00b7 ${code(shorten(query, 300))}`),
    ...(calm === null ? say` \u00b7 no calm hour seen before it` : []),
    ...(url ? say` \u00b7 ${link(url, 'open')}` : []),
    ...(notes.length > 0 ? say` \u00b7 ${notes.join('; ')}` : []),
  ]
}

/** Who is affected and what is new, as text; the calls themselves are in the picture and its alternative text. */
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
