import { z } from 'zod'
import type { Change, ChangeReading } from '../../../incident/change.ts'
import { deployTitle, shortRevision } from '../../../incident/change-title.ts'
import { instant, keyOf, Part, present, Text } from '../../../incident/outside.ts'

/** An event of Flux's notification-controller, as its providers `generic` and `generic-hmac` send it. */
const FluxEvent = z.object({
  involvedObject: z.object({ kind: Text, namespace: Text, name: Text }),
  severity: Text,
  timestamp: Text,
  message: Text,
  reason: Text,
  // Flux: additions from annotations `event.toolkit.fluxcd.io/<name>` and the Alert's `eventMetadata` are included
  // here.
  metadata: Part({ revision: Text, commit_status: Text, service: Text, environment: Text, env: Text }),
})
type FluxEvent = z.infer<typeof FluxEvent>

type State = { outcome: NonNullable<Change['outcome']>; isRollback?: boolean }

/** Those of Flux's objects that deploy something; the others fetch and notify. */
const deployers = new Set(['Kustomization', 'HelmRelease'])

export const fluxChanges = (body: unknown, receivedAt: number): ChangeReading => {
  const event = FluxEvent.safeParse(body).data
  const { kind, name } = event?.involvedObject ?? {}
  if (!event || !kind || !name) return { changes: [], understood: false, notes: ['not an event of Flux'] }
  const state = deployers.has(kind) ? stateOf(event) : undefined
  if (!state) return { changes: [], understood: true, notes: [`a ${kind} reported ${event.reason ?? 'no reason'}`] }
  return { changes: [changeOf(event, { kind, name }, state, receivedAt)], understood: true }
}

/** Undefined for what deploys nothing. */
const stateOf = ({ reason = '', severity, message = '', metadata }: FluxEvent): State | undefined => {
  // A Kustomization reports this on every interval, whether or not anything was new.
  if (metadata?.commit_status === 'update' || message.startsWith('Reconciliation finished')) return undefined
  if (reason === 'RollbackSucceeded') return { outcome: 'succeeded', isRollback: true }
  if (reason === 'RollbackFailed') return { outcome: 'failed', isRollback: true }
  if (reason === 'InstallSucceeded' || reason === 'UpgradeSucceeded') return { outcome: 'succeeded' }
  if (severity === 'error') return { outcome: 'failed' }
  if (/^Health check passed/.test(message)) return { outcome: 'succeeded' }
  // Flux: of the lines about each object, `configured`, `created` and `deleted` indicate a difference.
  return reason === 'Progressing' && /\b(configured|created|deleted)\b/.test(message)
    ? { outcome: 'started' }
    : undefined
}

const changeOf = (
  { involvedObject: { namespace = '' }, timestamp, metadata }: FluxEvent,
  { kind, name }: { kind: string; name: string },
  { outcome, isRollback = false }: State,
  receivedAt: number,
): Change => {
  const environment = metadata?.environment ?? metadata?.env
  const revision = metadata?.revision
  const what = metadata?.service ?? name
  // A chart's version may recur, with other values or after another version; a commit does not.
  const isOneOfMany = kind === 'HelmRelease' || revision === undefined
  const deployment = keyOf('flux', kind, namespace, name, isRollback ? 'rollback' : '', revision ?? '')
  return {
    key: keyOf(deployment, ...(isOneOfMany ? [timestamp ?? receivedAt] : []), outcome),
    deployment,
    source: 'flux',
    kind: isRollback ? 'rollback' : 'deploy',
    title: deployTitle({ what, revision: revision && versionOf(revision), environment, outcome, isRollback }),
    at: instant(timestamp, receivedAt) ?? receivedAt,
    service: what,
    outcome,
    ...present({ environment, revision }),
  }
}

/** `main@sha1:f95f852...` as `main@f95f852`. */
const versionOf = (revision: string): string => shortRevision(revision.replace(/\bsha(1|256):/, ''))
