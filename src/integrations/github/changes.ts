import type { ChangeReading, ChangeSource } from '../../incident/change.ts'
import { isSignedBy } from '../../incident/proof.ts'
import { deploymentChange } from './deployment.ts'
import { pullRequestChange } from './pull-request.ts'
import { ignored, notUnderstood, type ReadEvent } from './reading.ts'
import { releaseChange } from './release.ts'
import { workflowRunChange } from './workflow-run.ts'

type Options = {
  secrets: readonly string[]
  /**
   * The service by `owner/repo:environment`, `owner/repo:workflow` or `owner/repo`, where it is not the repository's
   * name.
   */
  services?: Readonly<Record<string, string>>
  /** Names or files of the workflows whose runs are changes. */
  workflows?: readonly string[]
  releases?: boolean
  pullRequests?: boolean
}

/**
 * GitHub's webhook at `POST /webhooks/github`, content type `application/json`: deployments, and releases, workflow runs
 * and merged pull requests where it is set to send them.
 */
export const githubChanges = ({
  secrets,
  services = {},
  workflows = [],
  releases = true,
  pullRequests = true,
}: Options): ChangeSource => {
  const readers = new Map<string, ReadEvent>([
    // Sent once when the webhook is created.
    ['ping', () => ignored('ping')],
    ['deployment', deploymentChange('deployment')],
    ['deployment_status', deploymentChange('deployment_status')],
    ['workflow_run', workflowRunChange(workflows)],
    ['release', releases ? releaseChange : () => ignored('releases are off in changes.github')],
    ['pull_request', pullRequests ? pullRequestChange : () => ignored('pull requests are off in changes.github')],
  ])
  return {
    name: 'github',
    verify({ headers, body }) {
      const signature = headers['x-hub-signature-256']?.trim().toLowerCase() ?? ''
      return signature.startsWith('sha256=') && isSignedBy([signature.slice('sha256='.length)], body, secrets)
    },
    read(body, { headers, receivedAt }): ChangeReading {
      const event = headers['x-github-event']
      const read = readers.get(event ?? '')
      return read
        ? read(body, { services, receivedAt })
        : notUnderstood(`unknown GitHub event ${event ?? '(no X-GitHub-Event)'}`)
    },
  }
}
