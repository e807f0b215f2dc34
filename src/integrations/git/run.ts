import { spawn } from 'node:child_process'
import { Permanent, Unavailable } from '../../incident/errors.ts'

/** One command of git. */
const COMMAND_MS = 20_000
/** Where git and ssh are. */
const PATH = '/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin'
/** The end of git's output is the relevant part. */
const MOST_OUTPUT = 64 * 1024

export type RunOptions = {
  /** The repository's folder on this machine. */
  folder: string
  /** Authenticates over HTTPS; never on a command line, in an address, or in a message. */
  token?: string | undefined
  env?: Record<string, string>
  signal: AbortSignal
}

/**
 * Runs one command of the `git` program and returns what it prints. It never prompts, reads no configuration of this
 * machine, and is killed with all that it started after 20 s or when the signal aborts.
 * @throws Permanent where git is not installed, Unavailable when it fails or is interrupted, without the token.
 */
export const runGit = (
  args: readonly string[],
  input: string | Buffer | undefined,
  { folder, token, env = {}, signal }: RunOptions,
): Promise<string> =>
  new Promise((resolve, reject) => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(COMMAND_MS)])
    const child = spawn('git', args, {
      cwd: folder,
      env: { PATH, HOME: folder, LC_ALL: 'C', ...QUIET, ...credentials(token), ...env },
      // A group of its own: git leaves the network to a program that would outlive it.
      detached: true,
    })
    const kill = () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
      } catch {
        // It has ended already.
      }
      reject(signal.aborted ? (signal.reason as Error) : failure(args, `took longer than ${COMMAND_MS / 1000} s`))
    }
    if (limit.aborted) kill()
    else limit.addEventListener('abort', kill, { once: true })
    let output = ''
    let problem = ''
    child.stdout.on('data', (part: Buffer) => {
      output = (output + part.toString()).slice(-MOST_OUTPUT)
    })
    child.stderr.on('data', (part: Buffer) => {
      problem = (problem + part.toString()).slice(-MOST_OUTPUT)
    })
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT')
        reject(new Permanent('the program git is not installed where Muster runs', { everywhere: true, cause: error }))
      else reject(failure(args, error.message))
    })
    child.on('close', (code) => {
      limit.removeEventListener('abort', kill)
      if (code === 0) resolve(output.trim())
      else reject(failure(args, withoutToken(problem.trim(), token) || `ended with ${code}`))
    })
    // A command that exits early closes its input; the reason is in its output.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })

/** Never prompts for a password, and ignores this machine's own settings. */
const QUIET = {
  GIT_TERMINAL_PROMPT: '0',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_ASKPASS: '/bin/false',
  GIT_SSH_COMMAND: 'ssh -o BatchMode=yes',
}

/** A header in git's own environment: other users of the machine can read command lines. */
const credentials = (token: string | undefined): Record<string, string> =>
  token === undefined
    ? {}
    : {
        GIT_CONFIG_COUNT: '1',
        GIT_CONFIG_KEY_0: 'http.extraHeader',
        GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic(token)}`,
      }

/** GitHub, GitLab and Gitea accept any user name with a token. */
const basic = (token: string): string => Buffer.from(`muster:${token}`).toString('base64')

const withoutToken = (text: string, token: string | undefined): string =>
  (token === undefined ? text : text.replaceAll(token, '***').replaceAll(basic(token), '***')).slice(-500)

/** Errors that only an operator can fix. */
const REFUSED =
  /Authentication failed|could not read (Username|Password)|Permission denied|error: 40[134]|not found|protected branch|not appear to be a git/i

const failure = ([command]: readonly string[], why: string): Error =>
  REFUSED.test(why)
    ? new Permanent(`git ${command}: ${why}`)
    : new Unavailable(`git ${command}: ${why}`, { system: 'Git' })
