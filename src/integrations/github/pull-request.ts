import { z } from 'zod'
import { saysRollback } from '../../incident/change-title.ts'
import { shorten } from '../../incident/measure.ts'
import { instant, keyOf, Link, Part, present, Text } from '../../incident/outside.ts'
import { found, ignored, namesOf, notUnderstood, type ReadEvent, Repository } from './reading.ts'

const Delivery = z.object({
  action: Text,
  pull_request: z.object({
    number: z.union([z.number(), z.string().min(1)]),
    title: Text,
    merged: z.boolean().optional().catch(undefined),
    merged_at: Text,
    merge_commit_sha: Text,
    html_url: Link,
    base: Part({ ref: Text }),
    merged_by: Part({ login: Text }),
  }),
  repository: Repository,
})

/** GitHub: a pull request merged into the default branch. */
export const pullRequestChange: ReadEvent = (body, { services, receivedAt }) => {
  const delivery = Delivery.safeParse(body).data
  if (!delivery) return notUnderstood('a pull_request event without a pull request')
  const { action, pull_request: request, repository } = delivery
  if (action !== 'closed' || !request.merged) return ignored(`a pull request was ${action ?? 'touched'}, not merged`)
  const [branch, main] = [request.base?.ref, repository?.default_branch]
  if (branch && main && branch !== main) return ignored(`a pull request was merged into ${branch}`)
  const names = namesOf(repository, services)
  const service = names.service ?? repository?.name
  return found({
    key: keyOf('github', 'pull_request', names.name ?? '', request.number),
    source: 'github',
    kind: saysRollback(request.title ?? '') ? 'rollback' : 'merge',
    title: `Merged #${request.number}${request.title ? ` ${shorten(request.title, 150)}` : ''}${branch ? ` into ${branch}` : ''}`,
    at: instant(request.merged_at, receivedAt) ?? receivedAt,
    ...present({ service, revision: request.merge_commit_sha, by: request.merged_by?.login, url: request.html_url }),
  })
}
