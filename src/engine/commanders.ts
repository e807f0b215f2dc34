import { appointCommander } from '../incident/commander.ts'
import type { EffectHandler } from '../incident/effect-handler.ts'
import type { Severity } from '../incident/status.ts'
import type { Recorder } from './record.ts'

export type CommandersOptions = { record: Recorder; severities: readonly Severity[]; now: () => number }

/** Appoints a commander where the severity says who that is. */
export const createCommanders = ({ record, severities, now }: CommandersOptions) => {
  // Decided on the latest state, and recorded under one key: a person who took command first stays in command.
  const appoint: EffectHandler<'appoint_commander'> = async (_effect, { incident, effectId }) => {
    const decide = (newest: typeof incident) => appointCommander(newest, { severities }, { by: 'muster', at: now() })
    if (decide(incident).length > 0) await record.change(incident.id, decide, `appoint:${effectId}`)
    return []
  }
  return { appoint_commander: appoint }
}
