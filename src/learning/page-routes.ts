import { type Request, Router } from 'express'
import type { Catalogue } from '../incident/service.ts'
import type { Severity } from '../incident/status.ts'
import { signLink } from '../postmortem/links.ts'
import { refuse, type Signing, signedPage } from '../postmortem/signed-route.ts'
import { HTML_POLICY } from '../postmortem/style.ts'
import { csvOf } from './csv.ts'
import { insightsOf } from './insights.ts'
import type { InsightsWanted, Learning } from './learning.ts'
import { insightsMarkdown } from './page.ts'

export type InsightsRoutesOptions = Signing & {
  learning: Pick<Learning, 'facts'>
  catalogue: Catalogue
  severities: readonly Severity[]
  /** The name of a person by Slack id, without waiting long for it. */
  nameOf(person: string): Promise<string>
}

/** What is signed: one link opens the page with every filter, and its CSV. */
const PATH = '/insights'
/** Its form may be sent to Muster, and nowhere else. */
const FORM_POLICY = HTML_POLICY.replace("form-action 'none'", "form-action 'self'")
const CSV_PATH = '/insights.csv'
const RANGES = [30, 90, 180, 365]
const USUAL_DAYS = 90
const MOST_DAYS = 3_650
const DAY_MS = 86_400_000
const LINK_LIFE_DAYS = 30

/**
 * A link to the page; undefined when Muster has no public address. It is the same for a whole day, so that the Home tab
 * does not change with every look at it.
 */
export const insightsLink = (options: {
  secret: string
  baseUrl: string | undefined
  /** Epoch ms. */
  now: number
}): string | undefined => {
  const { secret, baseUrl, now } = options
  if (!baseUrl) return undefined
  return signLink({ secret, baseUrl, path: PATH, expiresAt: (Math.floor(now / DAY_MS) + 1 + LINK_LIFE_DAYS) * DAY_MS })
}

/** Serves `GET /insights` and `/insights.csv` to clients with a signed link. Private incidents are on neither. */
export const insightsRoutes = (options: InsightsRoutesOptions): Router => {
  const { learning, catalogue, severities, nameOf, ...signing } = options
  const page = {
    path: PATH,
    policy: `${FORM_POLICY}; frame-ancestors 'none'`,
    command: 'insights',
    what: 'The page of insights',
  }
  const router = Router()

  router.get(
    PATH,
    signedPage(signing, {
      ...page,
      async answer(request, response) {
        const wanted = wantedBy(request, catalogue, signing.now())
        if (!wanted) return refuse(response, 400, 'No service or team is called that. The page offers those there are.')
        const facts = await learning.facts(wanted)
        const insights = insightsOf(facts, wanted)
        const owners = [...new Set(insights.actions.items.flatMap(({ owner }) => owner ?? []))]
        const names = new Map(
          await Promise.all(
            owners.map(async (id): Promise<[string, string]> => [id, await nameOf(id).catch(() => id)]),
          ),
        )
        const { markdown, pictures } = insightsMarkdown({
          insights,
          facts,
          personName: (id) => names.get(id) ?? id,
          severityName: (id) => severities.find((one) => one.id === id)?.name ?? id,
          serviceName: (id) => catalogue.get(id)?.name ?? id,
        })
        const { htmlPage } = await import('../postmortem/html.ts')
        const title = `Incidents${wanted.about ? `: ${wanted.about}` : ''}`
        const controls = controlsOf(request, catalogue, wanted)
        response
          .type('text/html; charset=utf-8')
          .send(htmlPage(markdown, { title, pictures, controls, policy: FORM_POLICY }))
      },
    }),
  )

  router.get(
    CSV_PATH,
    signedPage(signing, {
      ...page,
      async answer(request, response) {
        const wanted = wantedBy(request, catalogue, signing.now())
        if (!wanted) return refuse(response, 400, 'No service or team is called that.')
        response
          .set('Content-Disposition', 'attachment; filename="incidents.csv"')
          .type('text/csv; charset=utf-8')
          .send(csvOf(await learning.facts(wanted)))
      },
    }),
  )
  return router
}

type Wanted = InsightsWanted & { days: number; chosen: string }

/** What the query asks for; undefined when it names a service or team that there is not. */
const wantedBy = ({ query }: Request, catalogue: Catalogue, now: number): Wanted | undefined => {
  const given = Number(query.days ?? USUAL_DAYS)
  const days = Number.isInteger(given) && given >= 1 && given <= MOST_DAYS ? given : USUAL_DAYS
  const chosen = typeof query.of === 'string' ? query.of : ''
  const range = { days, chosen, from: now - days * DAY_MS, to: now }
  if (chosen === '') return range
  const [kind, ...rest] = chosen.split(':')
  const name = rest.join(':')
  const service = kind === 'service' ? catalogue.get(name) : undefined
  if (service) return { ...range, services: [service.id], about: service.name }
  const team = kind === 'team' ? [...catalogue.values()].filter(({ owner }) => owner === name) : []
  return team.length > 0 ? { ...range, services: team.map(({ id }) => id), about: name } : undefined
}

/** The form above the page: works without scripts. */
const controlsOf = ({ query }: Request, catalogue: Catalogue, { days, chosen }: Wanted): string => {
  const option = (value: string | number, label: string, isChosen: boolean) =>
    `<option value="${escaped(String(value))}"${isChosen ? ' selected' : ''}>${escaped(label)}</option>`
  const services = [...catalogue.values()].sort((a, b) => a.name.localeCompare(b.name))
  const teams = [...new Set(services.flatMap(({ owner }) => owner ?? []))].sort()
  const hidden = ['expires', 'signature'].map(
    (name) => `<input type="hidden" name="${name}" value="${escaped(String(query[name]))}">`,
  )
  const ranges = RANGES.includes(days) ? RANGES : [...RANGES, days].sort((a, b) => a - b)
  return `<form class="controls" method="get">
${hidden.join('\n')}
<label>Of <select name="of">
${option('', 'everything', chosen === '')}
${teams.length > 0 ? `<optgroup label="Teams">${teams.map((name) => option(`team:${name}`, name, chosen === `team:${name}`)).join('')}</optgroup>` : ''}
${services.length > 0 ? `<optgroup label="Services">${services.map(({ id, name }) => option(`service:${id}`, name, chosen === `service:${id}`)).join('')}</optgroup>` : ''}
</select></label>
<label>in the last <select name="days">${ranges.map((one) => option(one, `${one} days`, one === days)).join('')}</select></label>
<button>Show</button>
<button formaction="insights.csv">CSV</button>
</form>
`
}

const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
