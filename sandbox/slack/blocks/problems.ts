import type { z } from 'zod'

/** A validation error, with a JSON pointer into the arguments of the call. */
export type BlockProblem = { message: string; pointer: string }

/** Validates a value; errors have Slack's wording. */
export const problemsOf = (schema: z.ZodType, value: unknown, at: string): BlockProblem[] => {
  const result = schema.safeParse(value, { reportInput: true })
  return result.success ? [] : result.error.issues.flatMap((issue) => worded(issue, at))
}

const worded = (issue: z.core.$ZodIssue, at: string): BlockProblem[] => {
  const path = issue.path.map(String)
  const problem = (message: string, where = path): BlockProblem[] => [
    { message, pointer: where.length > 0 ? `${at}/${where.join('/')}` : at },
  ]
  const missing = issue.input === undefined && issue.code.startsWith('invalid_')
  if (missing && path.length > 0) return problem(`missing required field: ${path.at(-1)}`, path.slice(0, -1))

  switch (issue.code) {
    case 'too_big':
      if (issue.origin === 'string') return problem(`must be less than ${Number(issue.maximum) + 1} characters`)
      if (issue.origin === 'array') return problem(`no more than ${issue.maximum} items allowed`)
      return problem(`must be less than ${Number(issue.maximum) + 1}`)
    case 'too_small':
      if (issue.origin === 'string') return problem(`must be more than ${Number(issue.minimum) - 1} characters`)
      if (issue.origin === 'array') return problem(`no fewer than ${issue.minimum} items allowed`)
      return problem(`must be more than ${issue.inclusive ? Number(issue.minimum) - 1 : issue.minimum}`)
    case 'unrecognized_keys':
      return issue.keys.flatMap((key) => problem(`invalid additional property: ${key}`))
    case 'invalid_union': {
      const type = (issue.input as { type?: unknown } | undefined)?.type
      return type === undefined
        ? problem('missing required field: type', path.slice(0, -1))
        : problem(`unsupported type: ${String(type)}`)
    }
    case 'invalid_value':
      return problem('must be a valid enum value')
    case 'invalid_type':
      return problem(`must provide ${/^[aeio]/.test(issue.expected) ? 'an' : 'a'} ${issue.expected}`)
    case 'invalid_format':
      return problem('must match the required pattern')
    default:
      return problem(issue.message)
  }
}
