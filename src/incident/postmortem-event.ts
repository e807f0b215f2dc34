import { z } from 'zod'
import { stamp } from './stamp.ts'

/** The sections of a postmortem that people write, in the order of the document. */
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

/** Where a postmortem is written besides Muster's own pages. */
export const ExportPlace = z.enum(['canvas', 'git'])
export type ExportPlace = z.infer<typeof ExportPlace>

export const PLACE_NAMES: Record<ExportPlace, string> = { canvas: 'a canvas of this channel', git: 'Git' }

/** What people write in the postmortem, and how far its review is. */
export const POSTMORTEM_EVENTS = [
  z.object({
    ...stamp,
    type: z.literal('postmortem_edited'),
    edits: z.array(
      z.object({
        section: PostmortemSection,
        /** The whole section, a sentence or paragraph on each line; empty when Muster writes it again. */
        text: z.string(),
        /** Marks of the sentences from the log that the author saw: others are shown beside the text. */
        seen: z.array(z.string()),
        /** Somebody else had changed the section meanwhile: both texts are in it. */
        merged: z.boolean().optional(),
      }),
    ),
  }),
  z.object({
    ...stamp,
    type: z.literal('postmortem_reviewed'),
    step: z.enum(['requested', 'approved', 'published', 'reopened']),
    /** Who is to review it, Slack user ids; with `requested`. */
    reviewers: z.array(z.string()).optional(),
    /** What whoever took the step says about it. */
    text: z.string().optional(),
  }),
  /** Somebody wants it written outside: a Slack canvas, a Git repository. */
  z.object({ ...stamp, type: z.literal('postmortem_export_requested'), to: ExportPlace }),
  /** It stands there now for the first time, or in a new version. */
  z.object({
    ...stamp,
    type: z.literal('postmortem_exported'),
    to: ExportPlace,
    /** A canvas's id, a commit's. */
    reference: z.string(),
    url: z.string().optional(),
  }),
] as const
