import { distance } from 'fastest-levenshtein'
import type { z } from 'zod'

/** Where a mistake is, and what to do about it. */
export type Misplaced = { path: PropertyKey[]; message: string }

/** Maximum edit distance for suggesting another key. */
const NEAR = 3

/** An unknown key is reported at its own position, not at that of its parent object. */
export const misplaced = (issue: z.core.$ZodIssue, schema: z.core.$ZodType): Misplaced[] => {
  if (issue.code !== 'unrecognized_keys')
    return [{ path: issue.path, message: withFound(sentenceOf(issue), issue.input) }]
  const known = keysAt(schema, issue.path)
  return issue.keys.map((key) => ({ path: [...issue.path, key], message: unknownKey(key, known) }))
}

const unknownKey = (key: string, known: readonly string[]): string => {
  const nearest = nearestName(key, known)
  if (nearest) return `there is no such key; did you mean ${nearest}?`
  return known.length > 0 ? `there is no such key; expected one of ${known.join(', ')}` : 'there is no such key'
}

/** The name that was probably meant: `depends_on` is `dependsOn`, `sevice` is `service`. */
export const nearestName = (name: string, names: readonly string[]): string | undefined => {
  const [nearest] = names
    .map((candidate) => ({ candidate, away: distance(bare(name), bare(candidate)) }))
    .sort((a, b) => a.away - b.away)
  return nearest && nearest.away <= Math.min(NEAR, Math.floor(name.length / 2)) ? nearest.candidate : undefined
}

const bare = (name: string): string => name.toLowerCase().replace(/[-_ ]/g, '')

/** The keys that an object at this path may have; none where the schema leaves them open. */
const keysAt = (schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] => {
  const { def } = schema._zod
  const inner = def as Partial<Record<'innerType' | 'in' | 'element' | 'valueType', z.core.$ZodType>>
  const wrapped = inner.innerType ?? inner.in
  if (wrapped) return keysAt(wrapped, path)
  const [key, ...rest] = path
  const shape = (def as { shape?: Record<string, z.core.$ZodType> }).shape
  if (shape) {
    if (key === undefined) return Object.keys(shape)
    const member = shape[String(key)]
    return member ? keysAt(member, rest) : []
  }
  const each = inner.element ?? inner.valueType
  return each && key !== undefined ? keysAt(each, rest) : []
}

/** What is expected, in the words of a person; a message that the schema brings with it stays as it is. */
const sentenceOf = (issue: z.core.$ZodIssue): string => {
  switch (issue.code) {
    case 'too_big':
      return `expected ${amount(issue.origin, `at most ${issue.maximum}`)}`
    case 'too_small':
      return `expected ${amount(issue.origin, `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`)}`
    case 'invalid_type':
      return `expected ${KINDS[issue.expected] ?? issue.expected}`
    case 'invalid_value':
      return `expected ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}`
    case 'invalid_format':
      return /^Invalid/.test(issue.message)
        ? `expected ${issue.pattern ? `text that matches ${issue.pattern}` : issue.format}`
        : issue.message
    case 'invalid_key':
      return 'expected a name of letters, digits, dots, dashes and underscores'
    case 'invalid_union':
      return /^Invalid/.test(issue.message) ? 'expected another kind of value' : issue.message
    default:
      return issue.message
  }
}

const amount = (origin: string, limit: string): string => {
  const isOne = limit.endsWith(' 1')
  if (origin === 'string') return `${limit} ${isOne ? 'character' : 'characters'}`
  return origin === 'array' || origin === 'set' ? `${limit} ${isOne ? 'entry' : 'entries'}` : `a number of ${limit}`
}

const KINDS: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
}

const withFound = (message: string, input: unknown): string => {
  if (input === undefined || message.includes(', found ')) return message
  if (Array.isArray(input)) return `${message}, found a list`
  if (typeof input === 'object' && input !== null) return `${message}, found an object`
  return `${message}, found ${JSON.stringify(input)}`
}
