/** An element as a browser would open it. */
export type Element = { name: string; attributes: [name: string, value: string][] }

const TAG = /<(?:!doctype html|\/[a-z][a-z0-9]*\s*|([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"<]*")?)*)\s*\/?)>/gi
const STYLE = /<style>[^<]*<\/style>/g

/**
 * The elements of a page, strictly: whatever looks like the beginning of a tag without being a whole, well-formed one is
 * an error, so nothing can hide from the test that reads the answer.
 */
export const elementsOf = (html: string): Element[] => {
  const elements = [...html.replace(STYLE, '').matchAll(TAG)].flatMap(([, name, attributes = '']) =>
    name ? [{ name: name.toLowerCase(), attributes: attributesOf(attributes) }] : [],
  )
  if (textOf(html, { decoded: false }).includes('<')) throw new Error(`There is half a tag in: ${html}`)
  return elements
}

/** What a reader sees. */
export const textOf = (html: string, { decoded = true } = {}): string => {
  const text = html.replace(STYLE, '').replace(TAG, '')
  return decoded ? text.replace(/&(lt|gt|quot|amp);/g, (_all, name: string) => ENTITIES[name] ?? '') : text
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', quot: '"', amp: '&' }

const attributesOf = (text: string): [string, string][] =>
  [...text.matchAll(/([a-z-]+)(?:="([^"]*)")?/gi)].map(([, name = '', value = '']) => [name.toLowerCase(), value])
