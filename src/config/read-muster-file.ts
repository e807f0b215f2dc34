import { isNode, LineCounter, parseDocument } from 'yaml'
import { type Misplaced, misplaced, nearestName } from './mistakes.ts'
import { MusterFile } from './muster-file.ts'

/** One mistake in the file: where, and what to do about it. */
export type Mistake = { line: number | undefined; path: string; message: string }

/** Reads the text of a muster.yaml; all mistakes at once, each with its line. */
export const readMusterFile = (text: string): { file: MusterFile } | { mistakes: Mistake[] } => {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  if (document.errors.length > 0)
    return {
      mistakes: document.errors.map((error) => ({
        line: lines.linePos(error.pos[0]).line,
        path: '',
        message: error.message,
      })),
    }
  const lineOf = (path: readonly PropertyKey[]): number | undefined => {
    for (let length = path.length; length > 0; length--) {
      const node = document.getIn(path.slice(0, length), true)
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line
    }
    return undefined
  }
  const mistakeAt = ({ path, message }: Misplaced): Mistake => ({
    line: lineOf(path),
    path: path.map(String).join('.'),
    message,
  })
  const result = MusterFile.safeParse(document.toJS() ?? {}, { reportInput: true })
  const mistakes = result.success
    ? unknownNames(result.data)
    : result.error.issues.flatMap((issue) => misplaced(issue, MusterFile))
  return result.success && mistakes.length === 0 ? { file: result.data } : { mistakes: mistakes.map(mistakeAt) }
}

const unknownService = (name: string, services: readonly string[]): string => {
  const nearest = nearestName(name, services)
  return `expected the id of a service, found "${name}"${nearest ? `; did you mean ${nearest}?` : ''}`
}

/** `services.web.dependsOn` and rules may only name what exists. */
const unknownNames = (file: MusterFile): Misplaced[] => {
  const severities = file.severities.map(({ id }) => id)
  return [
    ...Object.entries(file.services).flatMap(([id, { dependsOn }]) =>
      dependsOn.flatMap((name, i) =>
        name in file.services
          ? []
          : [{ path: ['services', id, 'dependsOn', i], message: unknownService(name, Object.keys(file.services)) }],
      ),
    ),
    ...Object.keys(file.pagerduty.priorities).flatMap((id) =>
      severities.includes(id)
        ? []
        : [
            {
              path: ['pagerduty', 'priorities', id],
              message: `expected a severity (${severities.join(', ')}), found "${id}"`,
            },
          ],
    ),
    ...file.paging.escalateTo.flatMap((name, i) =>
      name in file.services || /^[UW][A-Z0-9]+$/.test(name)
        ? []
        : [
            {
              path: ['paging', 'escalateTo', i],
              message: `expected the id of a service here or of a person in Slack (U...), found "${name}"`,
            },
          ],
    ),
    ...file.firstSteps.flatMap(({ severity = [], service = [] }, i) => [
      ...[severity].flat().flatMap((name) =>
        severities.includes(name)
          ? []
          : [
              {
                path: ['firstSteps', i, 'severity'],
                message: `expected a severity (${severities.join(', ')}), found "${name}"`,
              },
            ],
      ),
      ...[service]
        .flat()
        .flatMap((name) =>
          name in file.services
            ? []
            : [{ path: ['firstSteps', i, 'service'], message: unknownService(name, Object.keys(file.services)) }],
        ),
    ]),
    ...file.opening.flatMap(({ as }, i) =>
      as === undefined || severities.includes(as)
        ? []
        : [{ path: ['opening', i, 'as'], message: `expected a severity (${severities.join(', ')}), found "${as}"` }],
    ),
  ]
}
