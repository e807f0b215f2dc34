import { z } from 'zod'
import { stamp } from './stamp.ts'

/** The editable sections of a postmortem, in the order of the document. */
export const PostmortemSection = z.enum([
  'summary',
  'impact',
  'root_causes',
  'trigger',
  'resolution',
  'detection',
  'well',
  'wrong',
  'lucky',
])
export type PostmortemSection = z.infer<typeof PostmortemSection>

export const SECTION_NAMES: Record<PostmortemSection, string> = {
  summary: 'Summary',
  impact: 'Impact',
  root_causes: 'Root causes',
  trigger: 'Trigger',
  resolution: 'Resolution',
  detection: 'Detection',
  well: 'What went well',
  wrong: 'What went wrong',
  lucky: 'Where we got lucky',
}

/** Where a postmortem is exported to, besides Muster's own pages. */
export const ExportPlace = z.enum(['canvas', 'git'])
export type ExportPlace = z.infer<typeof ExportPlace>

export const PLACE_NAMES: Record<ExportPlace, string> = { canvas: 'a canvas of this channel', git: 'Git' }

/** Edits of the postmortem, and the progress of its review. */
export const POSTMORTEM_EVENTS = [
  z.object({
    ...stamp,
    type: z.literal('postmortem_edited'),
    edits: z.array(
      z.object({
        section: PostmortemSection,
        /** The whole section, one sentence or paragraph per line; empty when Muster generates it again. */
        text: z.string(),
        /** Hashes of the generated sentences that the author saw: newer ones are shown beside the text. */
        seen: z.array(z.string()),
        /** Somebody else had changed the section in the meantime: it contains both texts. */
        merged: z.boolean().optional(),
      }),
    ),
  }),
  z.object({
    ...stamp,
    type: z.literal('postmortem_reviewed'),
    step: z.enum(['requested', 'approved', 'published', 'reopened']),
    /** The reviewers, Slack user ids; with `requested`. */
    reviewers: z.array(z.string()).optional(),
    /** A comment by whoever took the step. */
    text: z.string().optional(),
  }),
  /** Somebody requested an export: a Slack canvas, a Git repository. */
  z.object({ ...stamp, type: z.literal('postmortem_export_requested'), to: ExportPlace }),
  /** It was exported for the first time, or in a new version. */
  z.object({
    ...stamp,
    type: z.literal('postmortem_exported'),
    to: ExportPlace,
    /** The id of a canvas or commit. */
    reference: z.string(),
    url: z.string().optional(),
  }),
] as const
