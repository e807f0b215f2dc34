import type { Incident } from '../incident/incident.ts'
import { kindOfAlert } from '../suspects/alert-kind.ts'
import type { RankingRequest } from '../suspects/source.ts'

/** When the trouble began as far as is known, epoch ms. Clocks differ: never later than now. */
export const begunAt = ({ milestones, declaredAt }: Incident, now: number): number =>
  Math.min(milestones.impact_started?.at ?? declaredAt, now)

/** The kind of harm an incident is about, from its alert or its title. */
export const alertKindOf = ({ alert, title }: Incident): RankingRequest['signal'] =>
  alert ? kindOfAlert(alert) : kindOfAlert({ title })
