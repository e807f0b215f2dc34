import { type Misplaced, nearestName } from './mistakes.ts'
import type { MusterFile } from './muster-file.ts'

const unknownService = (name: string, services: readonly string[]): string => {
  const nearest = nearestName(name, services)
  return `expected the id of a service, found "${name}"${nearest ? `; did you mean ${nearest}?` : ''}`
}

/** `services.web.dependsOn` and rules may only name what exists. */
export const unknownNames = (file: MusterFile): Misplaced[] => {
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
    ...Object.entries(file.outgoing).flatMap(([name, { severities: only = [], components }]) => [
      ...only.flatMap((id) =>
        severities.includes(id)
          ? []
          : [
              {
                path: ['outgoing', name, 'severities'],
                message: `expected a severity (${severities.join(', ')}), found "${id}"`,
              },
            ],
      ),
      ...Object.keys(components).flatMap((id) =>
        id in file.services
          ? []
          : [
              {
                path: ['outgoing', name, 'components', id],
                message: unknownService(id, Object.keys(file.services)),
              },
            ],
      ),
    ]),
    ...file.rules.flatMap(({ name, when, do: actions }, i) => [
      ...(file.rules.findIndex((other) => other.name === name) < i
        ? [{ path: ['rules', i, 'name'], message: `expected a name of its own, found "${name}" twice` }]
        : []),
      ...(when.severity === undefined || severities.includes(when.severity)
        ? []
        : [
            {
              path: ['rules', i, 'when', 'severity'],
              message: `expected a severity (${severities.join(', ')}), found "${when.severity}"`,
            },
          ]),
      ...(
        [
          ['when', 'service', when.service],
          ['do', 'page', isPersonOrGroup(actions.page, file) ? undefined : actions.page],
        ] as const
      ).flatMap(([part, member, id]) =>
        id === undefined || id in file.services
          ? []
          : [{ path: ['rules', i, part, member], message: unknownService(id, Object.keys(file.services)) }],
      ),
    ]),
    ...file.rules.flatMap(({ do: { page } }, i) => {
      const service = page === undefined ? undefined : file.services[page]
      return service && !service.pagerdutyService
        ? [
            {
              path: ['rules', i, 'do', 'page'],
              message: `expected a service with a \`pagerdutyService\`, "${page}" has none`,
            },
          ]
        : []
    }),
    ...file.opening.flatMap(({ as }, i) =>
      as === undefined || severities.includes(as)
        ? []
        : [{ path: ['opening', i, 'as'], message: `expected a severity (${severities.join(', ')}), found "${as}"` }],
    ),
  ]
}

/** A person, or a user group that a service with a pager has. */
const isPersonOrGroup = (page: string | undefined, { services }: Pick<MusterFile, 'services'>): boolean =>
  page !== undefined &&
  (/^[UW][A-Z0-9]{2,}$/.test(page) ||
    Object.values(services).some(({ slackGroup, pagerdutyService }) => slackGroup === page && pagerdutyService))
