import type { EffectHandler } from '../../../incident/effect-handler.ts'
import { Permanent } from '../../../incident/errors.ts'
import { shorten } from '../../../incident/measure.ts'
import { type BoundedSlack, refusedWith } from '../client.ts'

export type CanvasOptions = {
  slack: BoundedSlack
  now: () => number
  /** The postmortem as canvases take Markdown. */
  canvas(id: string): Promise<string | undefined>
}

/** Slack: at most 1 MiB of Markdown a call. */
const MARKDOWN_BYTES = 1_000_000
const TITLE_CHARACTERS = 200
const OWN_LINE = '_Muster keeps this canvas up to date: edit it with `/incident postmortem`, not here._'

type Channel = { channel: { properties?: { canvas?: { file_id?: string } } } }

/** The postmortem as a canvas of the incident's channel. */
export const canvasEffects = ({ slack, now, canvas }: CanvasOptions) => {
  const edit = (id: string, markdown: string, signal: AbortSignal) => {
    const changes = [{ operation: 'replace', document_content: { type: 'markdown', markdown } }]
    return slack.call('canvases.edit', { canvas_id: id, changes }, signal)
  }

  /** The channel's canvas when an earlier attempt made it: the team's own is never written into. */
  const ownCanvas = async (channel: string, heading: string, signal: AbortSignal): Promise<string | undefined> => {
    const { properties } = (await slack.call<Channel>('conversations.info', { channel }, signal)).channel
    const id = properties?.canvas?.file_id
    if (!id) return undefined
    const criteria = { section_types: ['any_header'], contains_text: heading }
    const which = { canvas_id: id, criteria }
    const { sections } = await slack.call<{ sections: unknown[] }>('canvases.sections.lookup', which, signal)
    return sections.length > 0 ? id : undefined
  }

  const make = async (channel: string, title: string, markdown: string, signal: AbortSignal): Promise<string> => {
    type Made = { canvas_id: string }
    const content = {
      channel_id: channel,
      title: shorten(title, TITLE_CHARACTERS),
      document_content: { type: 'markdown', markdown },
    }
    try {
      return (await slack.call<Made>('conversations.canvases.create', content, signal)).canvas_id
    } catch (error) {
      if (!refusedWith(error, 'channel_canvas_already_exists', 'team_tier_cannot_create_channel_canvases')) throw error
      const own = refusedWith(error, 'channel_canvas_already_exists')
        ? await ownCanvas(channel, title, signal)
        : undefined
      if (own) {
        await edit(own, markdown, signal)
        return own
      }
      // In a tab beside the team's own.
      return (await slack.call<Made>('canvases.create', content, signal)).canvas_id
    }
  }

  /** Absent where Slack does not return it: the canvas exists anyway. */
  const addressOf = (id: string, signal: AbortSignal): Promise<string | undefined> =>
    slack.call<{ file: { permalink?: string } }>('files.info', { file: id }, signal).then(
      ({ file }) => file.permalink,
      () => undefined,
    )

  // Replacing with the same text twice is harmless. A created canvas is remembered before anything else, and the
  // channel's own is found again; only a tab beside a canvas of the team's can be duplicated, by a crash in that call.
  const put_canvas: EffectHandler<'put_canvas'> = async (_effect, { incident, progress, signal }) => {
    const { id, channel, exports } = incident
    const text = await canvas(id)
    if (!channel || text === undefined) return []
    const title = `Postmortem ${id}`
    const markdown = `${OWN_LINE}\n\n${withinBytes(text, MARKDOWN_BYTES)}`
    const known = exports?.canvas?.reference
    try {
      if (known && (await replaced(known, markdown, signal))) return []
      const made = progress.get('canvas') ?? (await make(channel.id, title, markdown, signal))
      await progress.set('canvas', made)
      const url = await addressOf(made, signal)
      const at = { by: 'slack', at: now() }
      return [{ ...at, type: 'postmortem_exported', to: 'canvas', reference: made, ...(url ? { url } : {}) }]
    } catch (error) {
      const reason = REASONS.find(([name]) => refusedWith(error, name))?.[1]
      throw reason ? new Permanent(reason, { cause: error }) : error
    }
  }

  /** False when somebody deleted it. */
  const replaced = async (id: string, markdown: string, signal: AbortSignal): Promise<boolean> => {
    try {
      await edit(id, markdown, signal)
      return true
    } catch (error) {
      if (!refusedWith(error, 'canvas_not_found', 'canvas_deleted')) throw error
      return false
    }
  }

  return { put_canvas }
}

/** What an admin or Muster's operator can do about a refusal. */
const REASONS: readonly [error: string, sentence: string][] = [
  [
    'missing_scope',
    'the app lacks the scope canvases:write. Install it again with the scopes of manifest.yml, then type /incident postmortem canvas',
  ],
  ['canvas_disabled_user_team', 'canvases are switched off in this workspace; an admin can allow them'],
  ['free_team_canvas_tab_already_exists', 'on a free plan a channel has one canvas, and this one has it already'],
  ['free_teams_cannot_create_standalone_canvases', 'this plan of Slack does not allow another canvas'],
  ['restricted_action', 'the workspace does not let apps write canvases; an admin can allow it'],
  ['is_archived', 'the channel is archived; unarchive it first'],
]

/** Cut at the end of a line. */
const withinBytes = (text: string, most: number): string => {
  if (Buffer.byteLength(text) <= most) return text
  const head = Buffer.from(text).subarray(0, most).toString()
  return `${head.slice(0, head.lastIndexOf('\n'))}\n\n_The rest did not fit into a canvas; the whole is in the exports._\n`
}
