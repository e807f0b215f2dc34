import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Unavailable } from '../../incident/errors.ts'
import { type RunOptions, runGit } from './run.ts'

export type Repository = {
  /** `https://git.example.com/team/docs.git`, or a folder of this machine. */
  url: string
  branch: string
  token?: string | undefined
  /** `Muster <muster@example.com>` */
  author: { name: string; email: string }
}

export type Commit = {
  /** Path in the repository -> content. */
  files: ReadonlyMap<string, Buffer>
  message: string
  /** When it was made, epoch ms: the same content at the same time is the same commit. */
  at: number
}

/** How often a push is repeated after a concurrent push. */
const TRIES = 3

/**
 * Adds files to a branch and pushes it, without a checkout: only the names of the newest commit are fetched, so that a
 * large repository costs little.
 * @returns the commit that has them, or undefined when the branch had them already.
 * @throws Unavailable, Permanent
 */
export const pushFiles = async (
  { url, branch, token, author }: Repository,
  { files, message, at }: Commit,
  signal: AbortSignal,
): Promise<string | undefined> => {
  const folder = await mkdtemp(join(tmpdir(), 'muster-git-'))
  const options: RunOptions = { folder, token, signal, env: identity(author, at) }
  const git = (args: string[], input?: string | Buffer) => runGit(args, input, options)
  try {
    await git(['init', '--quiet', '--bare', '.'])
    for (let attempt = 1; ; attempt++) {
      const parent = await fetched(git, url, branch)
      if (parent) await git(['read-tree', parent])
      for (const [path, content] of files) {
        const blob = await git(['hash-object', '-w', '--stdin'], content)
        await git(['update-index', '--add', '--cacheinfo', `100644,${blob},${path}`])
      }
      const tree = await git(['write-tree', '--missing-ok'])
      if (parent && tree === (await git(['rev-parse', `${parent}^{tree}`]))) return undefined
      const commit = await git(['commit-tree', tree, ...(parent ? ['-p', parent] : []), '-F', '-'], message)
      try {
        await git(['push', '--quiet', url, `${commit}:refs/heads/${branch}`])
        return commit
      } catch (error) {
        const overtaken = error instanceof Unavailable && /fetch first|non-fast-forward|stale info/.test(error.message)
        if (!overtaken || attempt >= TRIES) throw error
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The branch's newest commit; undefined where there is no such branch yet. */
const fetched = async (
  git: (args: string[]) => Promise<string>,
  url: string,
  branch: string,
): Promise<string | undefined> => {
  const there = await git(['ls-remote', '--heads', url, `refs/heads/${branch}`])
  if (!there) return undefined
  await git(['fetch', '--quiet', '--depth=1', '--no-tags', '--filter=blob:none', url, `refs/heads/${branch}`])
  return git(['rev-parse', 'FETCH_HEAD'])
}

const identity = ({ name, email }: Repository['author'], at: number): Record<string, string> => {
  const date = `${Math.floor(at / 1000)} +0000`
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
    GIT_COMMITTER_DATE: date,
  }
}
