import type { Router } from 'express'
import type { Charts } from './charts/charts.ts'
import type { Config } from './config/config.ts'
import type { Recorder } from './engine/record.ts'
import { Refusal } from './incident/errors.ts'
import { labelsOf } from './incident/labels.ts'
import type { ProseSection } from './incident/prose.ts'
import { requestPostmortem } from './incident/review.ts'
import type { People } from './integrations/slack/people.ts'
import type { Learning } from './learning/learning.ts'
import { insightsLink, insightsRoutes } from './learning/page-routes.ts'
import type { Log } from './platform/log.ts'
import { type DocumentLinks, documentLinks, exportRoutes } from './postmortem/exports.ts'
import { ownSecret } from './postmortem/links.ts'
import { createPostmortems, type Postmortems } from './postmortem/postmortem.ts'
import { createStatusPages } from './postmortem/status-page.ts'
import { statusPageRoutes } from './postmortem/status-page-route.ts'
import type { Store } from './store/store.ts'

export type DocumentsOptions = Config & {
  store: Store
  record: Recorder
  people: People
  charts: Charts
  learning: Pick<Learning, 'facts'>
  now: () => number
  log: Log
}

const HOUR_MS = 3_600_000

/** What people read outside Slack: postmortems and status pages. */
export type Documents = {
  postmortems: Postmortems
  /** Signed addresses of an incident's documents; undefined when Muster has no public address. */
  links(id: string): DocumentLinks | undefined
  /** Editable postmortems, with the names that are known without waiting for Slack. */
  sections(id: string): Promise<ProseSection[] | undefined>
  /** A signed address of the page of insights; undefined when Muster has no public address. */
  insightsLink(): string | undefined
  /** Serves them. */
  routers: Router[]
}

export const createDocuments = async (options: DocumentsOptions): Promise<Documents> => {
  const { env, file, catalogue, store, record, people, charts, learning, now, log } = options
  const secret = env.MUSTER_SECRET ?? (await ownSecret(store))
  const signing = { secret, now, log }
  const written = {
    store,
    labels: labelsOf({ ...file, catalogue }),
    timezone: file.timezone,
    nameOf: async (id: string) => (await people.person(id)).name,
  }
  const postmortems = createPostmortems({
    ...written,
    chartPng: (snapshot, zone) => charts.png(snapshot, { zone }),
    templatesFolder: file.templates,
  })
  const statusPages = createStatusPages({ ...written, severities: file.severities, roles: file.roles, now })
  const renew = async (id: string): Promise<string> => {
    const act = { by: 'muster', at: now() }
    const once = `renew:${id}:${Math.floor(now() / HOUR_MS)}`
    const { incident } = await record.change(id, (state) => requestPostmortem(state, {}, act), once)
    if (!incident.channel) throw new Refusal(`${id} has no channel in Slack to post fresh links in.`)
    return incident.channel.id
  }
  const privateSince = async (id: string) => (await store.read(id))?.privateSince
  return {
    postmortems,
    sections: (id) => postmortems.sections(id, async (person) => (await people.personAtOnce(person))?.name ?? person),
    links: documentLinks({ secret, baseUrl: env.PUBLIC_URL, now }),
    insightsLink: () => insightsLink({ secret, baseUrl: env.PUBLIC_URL, now: now() }),
    routers: [
      exportRoutes({ postmortems, renew, privateSince, ...signing }),
      statusPageRoutes({ statusPages, ...signing }),
      insightsRoutes({
        learning,
        catalogue,
        severities: file.severities,
        ...signing,
        nameOf: async (person) => (await people.personAtOnce(person))?.name ?? person,
      }),
    ],
  }
}
