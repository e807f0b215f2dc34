import jsonata from 'jsonata'

/**
 * How the JSON of one sender becomes alerts, in JSONata (jsonata.org). An expression yields one object or a list of
 * objects with the members of an alert (`key`, `state`, `title`, `service`, `severity`, ...; docs/sources/webhook.md).
 * It yields `[]` for what it knows and ignores, and nothing at all for what it does not know.
 */
export type Mapping = (
  | {
      /** One expression for the whole alert. */
      alerts: string
    }
  | {
      /** An expression for each member of an alert, evaluated for each thing that `each` yields (the body, if left out). */
      each?: string
      fields: Record<string, string>
    }
) & {
  /** `sns`: wrapped and signed by Amazon SNS; expressions receive the message inside. */
  envelope?: 'sns'
  /** A header with the hex HMAC-SHA256 of the body, keyed by one of the tokens; accepted instead of the token. */
  signatureHeader?: string
}

/** What is wrong with an expression, with its path and character position. Thrown at start. */
export class BadExpression extends Error {
  override name = 'BadExpression'
}

export type Compiled = {
  mapping: Mapping
  /** Evaluates the expressions on a body: undefined, or a list. Rejects when they fail or take too long. */
  evaluate(body: unknown): Promise<unknown[] | undefined>
}

/**
 * A mapping takes about a millisecond; one that takes this long never ends, and blocks everything else. The limit is
 * wall-clock time, so it allows for the pauses of an overloaded machine.
 */
const LONGEST_MS = 1_000
const limits = { timeout: LONGEST_MS, stack: 500, sequence: 10_000 }

/** Compiles a mapping once. `path` is its place in muster.yaml, for the error: `webhooks.deploys`. */
export const compileMapping = (mapping: Mapping, path: string): Compiled => {
  if ('alerts' in mapping) {
    const alerts = compile(mapping.alerts, `${path}.alerts`)
    return { mapping, evaluate: async (body) => listOf(await run(alerts, body)) }
  }
  const each = compile(mapping.each ?? '$', `${path}.each`)
  const fields = Object.entries(mapping.fields).map(
    ([member, expression]) => [member, compile(expression, `${path}.fields.${member}`)] as const,
  )
  const evaluateFields = async (thing: unknown) => {
    const entries = []
    for (const [member, expression] of fields) entries.push([member, await run(expression, thing)] as const)
    return Object.fromEntries(entries)
  }
  return {
    mapping,
    async evaluate(body) {
      const things = listOf(await run(each, body))
      return things && Promise.all(things.map(evaluateFields))
    },
  }
}

const listOf = (yielded: unknown): unknown[] | undefined => {
  if (yielded === undefined || yielded === null) return undefined
  // JSONata's arrays have extra members; a plain array is passed on.
  return Array.isArray(yielded) ? [...yielded] : [yielded]
}

const compile = (expression: string, path: string): jsonata.Expression => {
  try {
    return jsonata(expression, limits)
  } catch (error) {
    const { position } = error as jsonata.JsonataError
    throw new BadExpression(`${path}: ${sentenceOf(error)}${position ? ` (at character ${position})` : ''}`)
  }
}

const run = async (expression: jsonata.Expression, input: unknown): Promise<unknown> => {
  try {
    return await expression.evaluate(input)
  } catch (error) {
    throw new Error(sentenceOf(error))
  }
}

/** JSONata throws plain objects, not errors. */
const sentenceOf = (thrown: unknown): string =>
  typeof thrown === 'object' && thrown !== null && 'message' in thrown ? String(thrown.message) : String(thrown)
