import type { Decision } from './decide.ts'
import { Refusal } from './errors.ts'
import type { Incident } from './incident.ts'

/** Rewords a timeline entry; its previous text stays in its history. */
export const editEntry: Decision<{ seq: number; text: string }> = (incident, { seq, text }, act) => {
  refuseUnknownEntry(incident, seq)
  if (!text.trim()) throw new Refusal('Say what the entry is to read, like `/incident entry edit 12 pool enlarged`.')
  return [{ ...act, type: 'entry_edited', entry: seq, text: text.trim() }]
}

/** Removes an entry from the timeline and the document; it stays in the log and can be restored. */
export const removeEntry: Decision<{ seq: number; reason?: string | undefined }> = (incident, { seq, reason }, act) => {
  refuseUnknownEntry(incident, seq)
  if (seq === 1) throw new Refusal('The first entry opened the incident and stays. `/incident cancel` calls it off.')
  return [{ ...act, type: 'entry_removed', entry: seq, ...(reason ? { reason } : {}) }]
}

/** Restores a removed entry. */
export const restoreEntry: Decision<{ seq: number }> = (incident, { seq }, act) => {
  refuseUnknownEntry(incident, seq)
  return [{ ...act, type: 'entry_restored', entry: seq }]
}

/** @throws Refusal when there is no entry with that number. */
export const refuseUnknownEntry = ({ id, version }: Incident, seq: number): void => {
  if (seq < 1 || seq > version)
    throw new Refusal(`${id} has no timeline entry ${seq}; \`/incident timeline\` shows their numbers.`)
}
