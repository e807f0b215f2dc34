import type { EffectContext } from '../../../incident/effect-handler.ts'
import type { IncidentEvent } from '../../../incident/event.ts'
import type { ChartSnapshot, Snapshot } from '../../../incident/evidence.ts'
import { shorten } from '../../../incident/measure.ts'
import { code, link, say, strong, time } from '../../../incident/phrase.ts'
import { formatValue } from '../../../incident/unit.ts'
import { type Block, context } from '../block.ts'
import { refusedWith } from '../client.ts'
import { mrkdwn } from '../mrkdwn.ts'
import type { Poster } from '../post.ts'
import { createUpload, type UploadOptions } from './upload.ts'
import { waitForSummary } from './wait-for-summary.ts'

export type EvidenceOptions = UploadOptions & {
  poster: Poster
  snapshot(hash: string): Promise<Snapshot | undefined>
  chartPng(chart: ChartSnapshot): Promise<Buffer>
}

/** Puts the evidence into the summary's thread: charts as pictures, log lines as they were written. */
export const evidenceEffects = ({ poster, snapshot, chartPng, ...options }: EvidenceOptions) => {
  const upload = createUpload(options)

  const pngOf = (found: Snapshot): (() => Promise<Buffer>) | undefined => {
    if (found.kind === 'chart') return () => chartPng(found)
    return found.kind === 'image' ? async () => Buffer.from(found.base64, 'base64') : undefined
  }

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
        if (found?.kind === 'logs') blocks.push(...logBlocks(found))
        const png = found && pngOf(found)
        if (!found || !png) continue
        const picture = { name: hash, png, title: found.title, altText: altTextOf(found) }
        const file = await upload(picture, progress, signal)
        blocks.push(
          {
            type: 'image',
            slack_file: { id: file },
            alt_text: shorten(altTextOf(found), 2000),
            title: { type: 'plain_text', text: shorten(found.title, 2000) },
          },
          context(mrkdwn(captionOf(found))),
        )
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

/** Log lines, word for word: rich text has no mark-up that a line could use. */
const logBlocks = (logs: Extract<Snapshot, { kind: 'logs' }>): Block[] => {
  const lines = logs.lines.map(({ at, text }) => `${new Date(at).toISOString().slice(11, 19)} ${text}`)
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
    context(
      mrkdwn([
        ...say`${strong(logs.title)} \u00b7 ${code(shorten(logs.query, 300))} \u00b7 UTC`,
        ...(logs.notes.length > 0 ? say` \u00b7 ${logs.notes.join('; ')}` : []),
      ]),
    ),
  ]
}

const altTextOf = (found: Snapshot): string =>
  found.kind === 'chart' && typeof found.now === 'number'
    ? `${found.title}: ${typeof found.before === 'number' ? `${formatValue(found.before, found.unit)} before, ` : ''}${formatValue(found.now, found.unit)} now`
    : found.title

const captionOf = (found: Snapshot) => {
  if (found.kind !== 'chart') return say`${found.title}`
  return [
    ...say`${strong(altTextOf(found))} \u00b7 ${time(found.from)} to ${time(found.to)} \u00b7 ${code(shorten(found.query, 300))}`,
    ...(found.url ? say` \u00b7 ${link(found.url, 'open')}` : []),
    ...(found.notes.length > 0 ? say` \u00b7 ${found.notes.join('; ')}` : []),
  ]
}
