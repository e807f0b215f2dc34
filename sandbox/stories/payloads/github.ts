import type { StepAction } from '../story.ts'
import { hexOf } from './fingerprint.ts'

const api = 'https://api.github.com'

/**
 * A GitHub `deployment_status` webhook and its delivery id. Ids include the story's start, so that playing a story again
 * creates new deployments. `at` and `anchor` are epoch ms.
 */
export const deploymentBody = (
  { repository, service, sha, description, by, state }: Extract<StepAction, { kind: 'deployment' }>,
  { at, anchor }: { at: number; anchor: number },
) => {
  const id = Number.parseInt(hexOf(`${repository}/${sha}/${anchor}`).slice(0, 7), 16)
  const when = new Date(at).toISOString().replace(/\.\d+Z$/, 'Z')
  const user = { login: by, id: 21_031_067, html_url: `https://github.com/${by}`, type: 'User', site_admin: false }
  const [owner = '', name = ''] = repository.split('/')
  const run = `https://github.com/${repository}/actions/runs/${id}`
  const hex = hexOf(`${repository}/${sha}/${state}/${at}`)
  const body = {
    action: 'created',
    deployment_status: {
      url: `${api}/repos/${repository}/deployments/${id}/statuses/${id + 1}`,
      id: id + 1,
      state,
      creator: user,
      description: '',
      environment: 'production',
      target_url: run,
      created_at: when,
      updated_at: when,
      deployment_url: `${api}/repos/${repository}/deployments/${id}`,
      repository_url: `${api}/repos/${repository}`,
      environment_url: '',
      log_url: run,
      performed_via_github_app: null,
    },
    deployment: {
      url: `${api}/repos/${repository}/deployments/${id}`,
      id,
      task: 'deploy',
      original_environment: 'production',
      environment: 'production',
      description,
      created_at: when,
      updated_at: when,
      statuses_url: `${api}/repos/${repository}/deployments/${id}/statuses`,
      repository_url: `${api}/repos/${repository}`,
      creator: user,
      sha,
      ref: 'main',
      payload: { service },
      transient_environment: false,
      production_environment: true,
      performed_via_github_app: null,
    },
    repository: {
      id: 186_853_002,
      name,
      full_name: repository,
      private: true,
      owner: {
        login: owner,
        id: 21_031_067,
        html_url: `https://github.com/${owner}`,
        type: 'Organization',
        site_admin: false,
      },
      html_url: `https://github.com/${repository}`,
      default_branch: 'main',
      url: `${api}/repos/${repository}`,
    },
    sender: user,
  }
  const delivery = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  )
  return { body, delivery }
}
