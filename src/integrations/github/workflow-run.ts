import { z } from 'zod'
import type { Change } from '../../incident/change.ts'
import { deployTitle, saysRollback } from '../../incident/change-title.ts'
import { instant, keyOf, Link, Part, present, Text } from '../../incident/outside.ts'
import { found, ignored, namesOf, notUnderstood, type ReadEvent, Repository, refAtCommit } from './reading.ts'

const Delivery = z.object({
  action: Text,
  workflow_run: z.object({
    id: z.union([z.number(), z.string().min(1)]),
    name: Text,
    path: Text,
    event: Text,
    conclusion: Text,
    head_branch: Text,
    head_sha: Text,
    run_attempt: Text,
    display_title: Text,
    run_started_at: Text,
    updated_at: Text,
    html_url: Link,
    actor: Part({ login: Text }),
    triggering_actor: Part({ login: Text }),
  }),
  repository: Repository,
})
type Run = z.infer<typeof Delivery>['workflow_run']

/** How a run ended. One that was skipped, or waits for approval, deployed nothing. */
const conclusions = new Map<string, NonNullable<Change['outcome']>>([
  ['success', 'succeeded'],
  ['failure', 'failed'],
  ['timed_out', 'failed'],
  ['startup_failure', 'failed'],
  // Cancelled half way: the steps it completed are in effect.
  ['cancelled', 'failed'],
])

/** GitHub: runs of the listed workflows. All others, mostly tests, are not changes. */
export const workflowRunChange =
  (workflows: readonly string[]): ReadEvent =>
  (body, { services, receivedAt }) => {
    const delivery = Delivery.safeParse(body).data
    if (!delivery) return notUnderstood('a workflow_run without a run')
    const { action, workflow_run: run, repository } = delivery
    if (!workflows.some((one) => isNamed(run, one)))
      return ignored(`the workflow ${run.name ?? '(no name)'} is not listed in changes.github.workflows`)
    if (run.event === 'pull_request') return ignored('a workflow run for a pull request')
    const outcome = action === 'in_progress' ? 'started' : conclusions.get(run.conclusion ?? '')
    if (!outcome) return ignored(`a workflow run that is ${run.conclusion ?? action ?? 'in no state'}`)

    const names = namesOf(repository, services, run.name)
    const service = names.service ?? repository?.name
    const isRollback = saysRollback(`${run.name} ${run.display_title}`)
    const revision = refAtCommit(run.head_branch, run.head_sha)
    const title = deployTitle({ what: service ?? names.name, revision, outcome, isRollback })
    return found({
      // A re-run is another deploy.
      key: keyOf('github', 'workflow_run', `${run.id}/${run.run_attempt ?? 1}`, outcome),
      source: 'github',
      kind: isRollback ? 'rollback' : 'deploy',
      title: `${title} (${run.conclusion === 'cancelled' ? 'cancelled ' : ''}workflow ${run.name})`,
      at: instant(outcome === 'started' ? run.run_started_at : run.updated_at, receivedAt) ?? receivedAt,
      outcome,
      ...present({
        service,
        revision: run.head_sha,
        by: run.triggering_actor?.login ?? run.actor?.login,
        url: run.html_url,
      }),
    })
  }

/** By its name, or by its file: `.github/workflows/deploy.yml` is `deploy.yml`. */
const isNamed = ({ name, path }: Run, wanted: string): boolean =>
  [name, path, path?.split('/').at(-1)].some((one) => one?.toLowerCase() === wanted.toLowerCase())
