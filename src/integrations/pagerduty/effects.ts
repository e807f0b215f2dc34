import type { EffectContext, EffectHandler } from '../../incident/effect-handler.ts'
import type { IncidentEvent } from '../../incident/event.ts'
import type { Incident } from '../../incident/incident.ts'
import type { Catalogue } from '../../incident/service.ts'
import { answersEffects } from './answers.ts'
import { type PagerDuty, pagerdutyIncidentOf } from './client.ts'
import { type MirrorOptions, mirrorToPagerDuty } from './mirror-to-pagerduty.ts'
import { type OnCallOptions, onCallEffects } from './on-call.ts'
import { type PagingOptions, pagingEffects } from './paging.ts'
import { type SyncOptions, syncFromPagerDuty } from './sync-from-pagerduty.ts'

export type PagerDutyEffectOptions = MirrorOptions &
  SyncOptions &
  Omit<OnCallOptions, 'serviceOf'> &
  Omit<PagingOptions, 'serviceOf'> & {
    /** Absent: PagerDuty is not configured, and nothing is done. */
    pagerduty: PagerDuty | undefined
    catalogue: Catalogue
  }

/** Muster's effects at PagerDuty: find who is on call, page, acknowledge, resolve, and keep both sides in sync. */
export const pagerdutyEffects = (options: PagerDutyEffectOptions) => {
  const { pagerduty, catalogue, alertKeys, echo, now } = options
  const serviceOf = (incident: Incident): string | undefined =>
    catalogue.get(incident.service ?? '')?.pagerdutyService ?? incident.alert?.labels.pagerduty_service

  /**
   * Acknowledges or resolves every PagerDuty incident of an incident; those finished by an earlier attempt are skipped.
   */
  const updateAll = async (
    { incident, progress, signal }: EffectContext,
    update: PagerDuty['acknowledge'],
    before: (id: string) => Promise<void> = async () => {},
  ): Promise<IncidentEvent[]> => {
    // Those created by Muster are known without any webhook.
    const made = (incident.paging ?? []).flatMap((page) => (page.made && page.reference ? [page.reference] : []))
    const keys = new Set([...(await alertKeys(incident.id)), ...made])
    const left = [...keys].flatMap((key) => pagerdutyIncidentOf(key) ?? []).filter((id) => !progress.get(id))
    for (const id of left) await before(id)
    const onDone = async (ids: string[]) => {
      for (const id of ids) await progress.set(id, 'done')
    }
    await update(left, { signal, onDone })
    return []
  }

  const acknowledgePage: EffectHandler<'acknowledge_page'> = async (_effect, context) =>
    pagerduty ? updateAll(context, pagerduty.acknowledge, (id) => echo.expectEcho(id, 'acknowledged')) : []

  const resolvePage: EffectHandler<'resolve_page'> = async (_effect, context) =>
    pagerduty ? updateAll(context, pagerduty.resolve) : []

  return {
    ...mirrorToPagerDuty(options),
    ...syncFromPagerDuty(options),
    ...onCallEffects({ ...options, serviceOf }),
    ...pagingEffects({ ...options, serviceOf }),
    ...answersEffects({ pagerduty, now }),
    acknowledge_page: acknowledgePage,
    resolve_page: resolvePage,
  }
}
