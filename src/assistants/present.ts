import { Refusal } from '../incident/errors.ts'
import { plain, typed } from '../incident/phrase.ts'
import { maskSecrets } from '../incident/secrets.ts'

/** Maximum characters of one text within a response. */
const LONGEST_TEXT = 1_500
/** Maximum characters of a response: about 10,000 tokens, where common clients begin to warn or truncate. */
const LONGEST_ANSWER = 40_000
const MENTION = /<@([UW][A-Z0-9]{2,})(?:\|[^>]*)?>/g

/**
 * The text of a response: people by name instead of by id, without secrets, within its limits.
 * @param nameOf the name of a Slack user id
 * @throws Refusal when it would be too long, which only a larger `limit` than the default leads to
 */
export const presented = async (
  answer: string | object,
  nameOf: (person: string) => Promise<string>,
): Promise<string> => {
  const whole = typeof answer === 'string' ? answer : JSON.stringify(answer)
  const names = new Map<string, string>()
  const people = new Set([...whole.matchAll(MENTION)].map((match) => match[1] as string))
  await Promise.all([...people].map(async (id) => names.set(id, await nameOf(id).catch(() => id))))
  const clean = (text: string) => maskSecrets(plain(typed(text), (id) => `@${names.get(id) ?? id}`))
  const text = typeof answer === 'string' ? clean(answer) : JSON.stringify(inside(answer, clean))
  if (text.length > LONGEST_ANSWER)
    throw new Refusal(`The answer has ${text.length} characters, more than ${LONGEST_ANSWER}. Use a smaller limit.`)
  return text
}

const inside = (value: unknown, clean: (text: string) => string): unknown => {
  if (typeof value === 'string') return cut(clean(value))
  if (Array.isArray(value)) return value.map((one) => inside(one, clean))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, inside(one, clean)]))
}

const cut = (text: string): string =>
  text.length <= LONGEST_TEXT
    ? text
    : `${text.slice(0, LONGEST_TEXT)}... (${text.length - LONGEST_TEXT} characters cut)`

/** `2026-01-31T08:00:00Z`; undefined stays undefined. */
export const iso = (at: number | undefined): string | undefined =>
  at === undefined ? undefined : new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z')

/** A mention, which `presented` turns into a name. */
export const mention = (person: string): string => `<@${person}>`

/** A sentence whose people `presented` turns into names. */
export const sentence = (phrases: Parameters<typeof plain>[0]): string => plain(phrases, mention)
