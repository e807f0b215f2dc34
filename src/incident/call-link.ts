import { z } from 'zod'
import type { Incident } from './incident.ts'

/** Placeholders allowed in `call:`, and what replaces them. */
const PLACEHOLDERS = {
  /** `INC-42` */
  id: ({ id }: Incident) => id,
  /** `42` */
  number: ({ id }: Incident) => id.replace(/^\D+/, ''),
  /** The Slack channel's id, as in a huddle's address. */
  channel: ({ channel }: Incident) => channel?.id,
  /** The Slack channel's name. */
  name: ({ channel }: Incident) => channel?.name,
} satisfies Record<string, (incident: Incident) => string | undefined>

const BRACED = /\{([^{}]*)\}/g
const isPlaceholder = (name: string): name is keyof typeof PLACEHOLDERS => Object.hasOwn(PLACEHOLDERS, name)

/** The address template of an incident's call: `https://meet.example.com/{id}`. */
export const CallTemplate = z
  .string()
  .max(1000)
  .refine((template) => /^https?:$/.test(URL.parse(template.replace(BRACED, 'x'))?.protocol ?? ''), {
    error: 'expected an address like https://meet.example.com/{id}',
  })
  .refine((template) => [...template.matchAll(BRACED)].every(([, name]) => isPlaceholder(name ?? '')), {
    error: `expected only the placeholders ${Object.keys(PLACEHOLDERS)
      .map((name) => `{${name}}`)
      .join(', ')}`,
  })

/** The address of an incident's call; undefined without a template, or while the channel it names is not open yet. */
export const callLink = (template: string | undefined, incident: Incident): string | undefined => {
  let isComplete = true
  const address = template?.replace(BRACED, (whole, name: string) => {
    const value = isPlaceholder(name) ? PLACEHOLDERS[name](incident) : whole
    isComplete &&= value !== undefined
    return encodeURIComponent(value ?? '')
  })
  return isComplete ? address : undefined
}
