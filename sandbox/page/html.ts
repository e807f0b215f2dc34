import htm from 'htm'
import { type ComponentChildren, h, type VNode } from 'preact'

export type Shown = ComponentChildren

/** JSX without a build step: a tagged template that creates virtual nodes. Interpolated strings are text, never markup. */
// htm types its result as "one or several"; every template of this page has one root.
export const html = htm.bind(h) as (strings: TemplateStringsArray, ...values: unknown[]) => VNode

/** Joins class names, skipping falsy ones. */
export const classes = (...names: (string | false | undefined)[]) => names.filter(Boolean).join(' ')
