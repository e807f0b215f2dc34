import type { Decision } from './decide.ts'
import { Refusal } from './errors.ts'
import { pageOf } from './page.ts'
import { isOpenPage } from './page-state.ts'
import { isActive } from './status.ts'

/** The target of a page: a person in Slack, or the on-call of a service. */
export type PageTarget = { responder: string } | { service: string }

/** Pages somebody. Does nothing while the same target is being paged and has had no time to respond. */
export const requestPage: Decision<PageTarget & { text?: string | undefined; name?: string | undefined }> = (
  incident,
  { text, name, ...target },
  act,
) => {
  if (!isActive(incident.status))
    throw new Refusal(
      `${incident.id} is ${incident.status}; people can be paged only while it is open. \`/incident reopen\` opens it again.`,
    )
  const isSame = (page: { responder?: string | undefined; service?: string | undefined }) =>
    'responder' in target ? page.responder === target.responder : !page.responder && page.service === target.service
  const isUnderWay = incident.paging?.some(
    (page) => isSame(page) && (page.state === 'requested' || page.state === 'sent'),
  )
  return isUnderWay
    ? []
    : [{ ...act, type: 'page_requested', ...target, ...(text ? { text } : {}), ...(name ? { name } : {}) }]
}

/** Stops the escalation of a page; it can still be answered. */
export const stopEscalation: Decision<{ page: number }> = (incident, { page: id }, act) => {
  const page = pageOf(incident, id)
  if (!page) throw new Refusal(`${incident.id} has no such page; the summary lists its pages.`)
  return isOpenPage(page) && !page.stopped ? [{ ...act, type: 'page_escalation_stopped', page: id }] : []
}

/** Hands over the pages that Muster created to another incident. */
export const receivePages: Decision<{
  from: string
  pages: { name: string; reference: string; link?: string | undefined; sentAt?: number | undefined }[]
}> = (incident, { from, pages }, act) => {
  const known = new Set(incident.paging?.map(({ reference }) => reference))
  return [{ ...act, type: 'pages_received', from, pages: pages.filter(({ reference }) => !known.has(reference)) }]
}
