/** A PagerDuty user. */
export type AccountPerson = { name: string; realName: string; title: string; email: string; timezone: string }

/** A service; `onCall` holds one handle per escalation level. */
export type AccountService = { id: string; name: string; onCall: string[] }

export type User = { id: string; handle: string; name: string; email: string; timezone: string; title: string }

/** The initial contents of a PagerDuty account. */
export type Account = {
  users: User[]
  services: (AccountService & { policy: string; routingKey: string })[]
  priorities: { id: string; name: string; description: string }[]
}

/** Routing key (32 characters) of a service's Events API integration. */
export const routingKeyOf = (serviceId: string) => `R${serviceId.padEnd(31, '0').slice(0, 31)}`

const userIdOf = (handle: string) =>
  `P${handle
    .replace(/[^a-z0-9]/gi, '')
    .toUpperCase()
    .padEnd(6, '0')
    .slice(0, 13)}`

export const accountOf = (people: readonly AccountPerson[], services: readonly AccountService[]): Account => ({
  users: people.map(({ name, realName, email, timezone, title }) => ({
    id: userIdOf(name),
    handle: name,
    name: realName,
    email,
    timezone,
    title,
  })),
  services: services.map((service) => ({
    ...service,
    policy: service.id.replace(/^PSVC/, 'PEP'),
    routingKey: routingKeyOf(service.id),
  })),
  priorities: [
    { id: 'PPRIO01', name: 'P1', description: 'Critical' },
    { id: 'PPRIO02', name: 'P2', description: 'Major' },
    { id: 'PPRIO03', name: 'P3', description: 'Minor' },
    { id: 'PPRIO04', name: 'P4', description: 'Low' },
  ],
})
