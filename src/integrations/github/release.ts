import { z } from 'zod'
import { instant, keyOf, Link, Part, present, Text } from '../../incident/outside.ts'
import { found, ignored, namesOf, notUnderstood, type ReadEvent, Repository } from './reading.ts'

const Delivery = z.object({
  action: Text,
  release: z.object({
    id: z.union([z.number(), z.string().min(1)]),
    tag_name: Text,
    prerelease: z.boolean().optional().catch(undefined),
    published_at: Text,
    html_url: Link,
    author: Part({ login: Text }),
  }),
  repository: Repository,
})

/** GitHub: a published release. Drafts, edits and deletions change nothing that runs. */
export const releaseChange: ReadEvent = (body, { services, receivedAt }) => {
  const delivery = Delivery.safeParse(body).data
  if (!delivery) return notUnderstood('a release event without a release')
  const { action, release, repository } = delivery
  if (action !== 'published' && action !== 'released') return ignored(`a release was ${action ?? 'touched'}`)
  const names = namesOf(repository, services)
  const service = names.service ?? repository?.name
  return found({
    // GitHub: `published` and `released` both come for one release.
    key: keyOf('github', 'release', release.id),
    source: 'github',
    kind: 'release',
    title: `Released ${[service ?? names.name ?? 'something', release.tag_name].filter(Boolean).join(' ')}${release.prerelease ? ' (pre-release)' : ''}`,
    at: instant(release.published_at, receivedAt) ?? receivedAt,
    ...present({ service, revision: release.tag_name, by: release.author?.login, url: release.html_url }),
  })
}
