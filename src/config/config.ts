import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Catalogue } from '../incident/service.ts'
import { MusterFile } from './muster-file.ts'
import { type Mistake, readMusterFile } from './read-muster-file.ts'

const url = z
  .url({ protocol: /^https?$/, error: 'expected an address like https://example.com' })
  .transform((text) => text.replace(/\/+$/, ''))
const token = z.string().min(1)
/** Loki and Mimir: https://grafana.com/docs/mimir/latest/configure/about-tenant-ids/; `|` separates several. */
const tenant = z
  .string()
  .regex(
    /^[\w!.*'()|-]{1,150}$/,
    "expected a tenant id, or several with | between them (letters, digits and ! - _ . * ' ( ))",
  )
const list = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean),
  )
  .pipe(z.array(z.string()).min(1))

/** `secret`, or `U024BE7LH:secret` for an assistant that reads what this person may read. */
const assistantTokens = list.pipe(
  z.array(
    z
      .string()
      .regex(/^(?:[UW][A-Z0-9]{2,}:)?.{16,}$/, 'expected secrets of at least 16 characters, like U024BE7LH:<secret>'),
  ),
)

/** Every setting from the environment; each secret may also come from a file named by `NAME_FILE`. */
export const Env = z.object({
  SLACK_BOT_TOKEN: token.startsWith('xoxb-', 'expected a bot token, which begins with xoxb-').optional(),
  SLACK_APP_TOKEN: token.startsWith('xapp-', 'expected an app-level token, which begins with xapp-').optional(),
  SLACK_SIGNING_SECRET: token.optional(),
  SLACK_API_URL: url.optional(),
  PAGERDUTY_API_TOKEN: token.optional(),
  PAGERDUTY_FROM_EMAIL: z.email('expected the e-mail address of a PagerDuty user').optional(),
  PAGERDUTY_WEBHOOK_SECRET: list.optional(),
  PAGERDUTY_API_URL: url.default('https://api.pagerduty.com'),
  ALERTMANAGER_WEBHOOK_TOKEN: list.optional(),
  GRAFANA_WEBHOOK_SECRET: list.optional(),
  GITHUB_WEBHOOK_SECRET: list.optional(),
  MUSTER_WEBHOOK_TOKEN: list.optional(),
  OUTGOING_WEBHOOK_SECRET: list.optional(),
  STATUSPAGE_API_KEY: token.optional(),
  INSTATUS_API_KEY: token.optional(),
  POSTMORTEM_GIT_TOKEN: token.optional(),
  PROMETHEUS_URL: url.optional(),
  PROMETHEUS_TOKEN: token.optional(),
  PROMETHEUS_TENANT: tenant.optional(),
  GRAFANA_URL: url.optional(),
  GRAFANA_TOKEN: token.optional(),
  LOKI_URL: url.optional(),
  LOKI_TOKEN: token.optional(),
  LOKI_TENANT: tenant.optional(),
  DATABASE_URL: z
    .string()
    .regex(/^(sqlite:|postgres(ql)?:\/\/)/, 'expected sqlite:./path/to/file.db or postgres://...')
    .default('sqlite:./data/muster.db'),
  METRICS_TOKEN: list.optional(),
  MUSTER_MCP_TOKEN: assistantTokens.optional(),
  SUMMARY_API_URL: url.optional(),
  SUMMARY_API_TOKEN: token.optional(),
  SUMMARY_MODEL: z.string().min(1).optional(),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  PUBLIC_URL: url.optional(),
  MUSTER_SECRET: z.string().min(16, 'expected at least 16 characters').optional(),
  MUSTER_CONFIG: z.string().default('./muster.yaml'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
})
export type Env = z.infer<typeof Env>

/** Settings that are secrets, and so may be read from a file. */
const SECRETS = Object.keys(Env.shape).filter((name) => /TOKEN|SECRET|API_KEY|DATABASE_URL/.test(name))

/** Settings and catalogue, checked. */
export type Config = { env: Env; file: MusterFile; catalogue: Catalogue }

/** Every mistake in the settings, at once. */
export class BadConfig extends Error {
  override name = 'BadConfig'
}

/** The log level for programs without settings, like the sandbox. */
export const logLevelOr = (otherwise: Env['LOG_LEVEL']): Env['LOG_LEVEL'] =>
  Env.shape.LOG_LEVEL.catch(otherwise).parse(process.env.LOG_LEVEL || otherwise)

/**
 * Reads the environment and muster.yaml.
 * @throws BadConfig with every mistake: where it is, what was found, what is expected.
 */
export const loadConfig = (environment: NodeJS.ProcessEnv = process.env): Config => {
  const { config, mistakes } = readConfig(environment)
  if (mistakes.length > 0)
    throw new BadConfig(`Cannot start. Fix these settings:\n${mistakes.map((line) => `  - ${line}`).join('\n')}`)
  return config
}

/**
 * Like `loadConfig`, but continues without invalid settings: an invalid setting counts as not set, an invalid
 * muster.yaml as empty. For `muster doctor`, which runs the remaining checks.
 */
export const readConfig = (environment: NodeJS.ProcessEnv = process.env): { config: Config; mistakes: string[] } => {
  const mistakes: string[] = []
  const env = readEnv(environment, mistakes)
  const path = environment.MUSTER_CONFIG || './muster.yaml'
  const file = readFile(path, Boolean(environment.MUSTER_CONFIG), mistakes) ?? MusterFile.parse({})
  mistakes.push(...missingKeys(env, file))
  return { config: { env, file, catalogue: catalogueOf(file) }, mistakes }
}

/** A receiver in `outgoing` without the secret that it needs. */
const missingKeys = (env: Env, { outgoing }: MusterFile): string[] =>
  Object.entries(outgoing).flatMap(([name, { type }]) => {
    const [setting, why] = OUTGOING_KEYS[type]
    return env[setting] === undefined
      ? [`${setting}: expected, because outgoing.${name} in muster.yaml ${why}; found nothing`]
      : []
  })

const OUTGOING_KEYS = {
  webhook: ['OUTGOING_WEBHOOK_SECRET', 'is signed with it'],
  statuspage: ['STATUSPAGE_API_KEY', 'publishes at Statuspage'],
  instatus: ['INSTATUS_API_KEY', 'publishes at Instatus'],
} as const

/** The services of the file by id. */
export const catalogueOf = (file: MusterFile): Catalogue =>
  new Map(Object.entries(file.services).map(([id, service]) => [id, { ...service, id, name: service.name ?? id }]))

const readEnv = (environment: NodeJS.ProcessEnv, mistakes: string[]): Env => {
  // Compose files leave an empty variable for a setting that is not made.
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  )
  for (const name of SECRETS) {
    const file = given[`${name}_FILE`]
    if (file === undefined) continue
    if (given[name] !== undefined) mistakes.push(`${name} and ${name}_FILE are both set; keep one`)
    try {
      given[name] = readFileSync(file, 'utf8').trim()
    } catch (error) {
      mistakes.push(`${name}_FILE: ${file} cannot be read (${(error as NodeJS.ErrnoException).code})`)
    }
  }
  const result = Env.safeParse(given)
  if (!result.success) {
    for (const { path, message } of result.error.issues) {
      const name = String(path[0])
      const value = given[name]
      mistakes.push(
        `${name}: ${message}${value === undefined || SECRETS.includes(name) ? '' : `, found ${JSON.stringify(value)}`}`,
      )
    }
    for (const { path } of result.error.issues) delete given[String(path[0])]
  }
  // Every setting is optional or has a default, so without the wrong ones the rest is valid.
  const env = result.data ?? Env.parse(given)
  if (env.PAGERDUTY_API_TOKEN && !environment.PAGERDUTY_FROM_EMAIL)
    mistakes.push(
      'PAGERDUTY_FROM_EMAIL: expected beside PAGERDUTY_API_TOKEN, because PagerDuty wants to know who acts; found nothing',
    )
  return env
}

const readFile = (path: string, named: boolean, mistakes: string[]): MusterFile | undefined => {
  if (!existsSync(path)) {
    if (named) mistakes.push(`MUSTER_CONFIG: there is no file ${path}`)
    return MusterFile.parse({})
  }
  const result = readMusterFile(readFileSync(path, 'utf8'))
  if ('file' in result) return result.file
  mistakes.push(...result.mistakes.map((mistake) => describe(path, mistake)))
  return undefined
}

/** `muster.yaml:12 services.web.tier: expected a number of at most 5, found 9` */
export const describe = (path: string, { line, path: where, message }: Mistake): string =>
  `${path}${line === undefined ? '' : `:${line}`}${where ? ` ${where}` : ''}: ${message}`
