import type { Change, ChangeReading } from '../../incident/change.ts'
import { Link, Part, Text } from '../../incident/outside.ts'

export type ReadContext = {
  /** The service by `owner/repo:part` or `owner/repo`, from muster.yaml. */
  services: Readonly<Record<string, string>>
  /** Epoch ms. */
  receivedAt: number
}

/** Parses the body of one kind of event; never throws because of its content. */
export type ReadEvent = (body: unknown, context: ReadContext) => ChangeReading

export const found = (change: Change): ChangeReading => ({ changes: [change], understood: true })

/** Known, and no change. */
export const ignored = (note: string): ChangeReading => ({ changes: [], understood: true, notes: [note] })

export const notUnderstood = (note: string): ChangeReading => ({ changes: [], understood: false, notes: [note] })

export const Repository = Part({ name: Text, full_name: Text, html_url: Link, default_branch: Text })
type RepositoryNames = { name?: string | undefined; full_name?: string | undefined } | undefined

/** The repository's `owner/repo`, and the service that muster.yaml says it deploys. `part`: an environment or a workflow. */
export const namesOf = (repository: RepositoryNames, services: ReadContext['services'], part?: string) => {
  const name = repository?.full_name ?? repository?.name
  const own = (key: string) => (Object.hasOwn(services, key) ? services[key] : undefined)
  return { name, service: (part === undefined ? undefined : own(`${name}:${part}`)) ?? own(`${name}`) }
}

/** `v413@f95f852`: the ref and the commit. */
export const refAtCommit = (ref: string | undefined, sha: string | undefined): string =>
  [ref === sha ? undefined : ref, sha?.slice(0, 7)].filter(Boolean).join('@')
