import htm from 'htm'
import { type ComponentChildren, h, type VNode } from 'preact'

/** What a component shows. */
export type Shown = ComponentChildren

/** JSX without a build step: a tagged template that makes virtual nodes; texts in it are text nodes, never markup. */
// htm types its result as "one or several"; every template of this page has one root.
export const html = htm.bind(h) as (strings: TemplateStringsArray, ...values: unknown[]) => VNode

/** Joins class names, leaving out those that do not apply. */
export const classes = (...names: (string | false | undefined)[]) => names.filter(Boolean).join(' ')
