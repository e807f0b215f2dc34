import type { Candidate } from '../incident/correlate.ts'
import type { IncidentEvent, RecordedEvent } from '../incident/event.ts'
import type { Incident } from '../incident/incident.ts'

/** Where the occurrences of one alert are, which come and go under one fingerprint. */
export type Sighting = {
  /** incident -> when one of them last changed there, epoch ms */
  incidents: Map<string, number>
  /** Those that fire, by key. */
  firing: Map<string, { incident: string /** By its source's clock, epoch ms. */; beganAt: number | undefined }>
}

/** Where an occurrence of an alert is. */
export type Owner = {
  incident: string
  state: string
  /** When it began or stopped to fire, by our clock, epoch ms. */
  changedAt: number
  /** When it began, by its source's clock. */
  beganAt: number | undefined
}

/** What is known at the moment of writing, for a write that must find its incident first. */
export type Known = {
  /** The incident an occurrence of an alert belongs to, and whether it fires. */
  owner(alertKey: string): Owner | undefined
  /** Where the occurrences of an alert are that the write's `fingerprints` name. */
  sighting(fingerprint: string): Sighting
  /** When an alert ended, by its source's clock (epoch ms), if we were told so before we were told that it began. */
  endedEarly(name: string): number | undefined
  /** An incident among those loaded: the open ones and the owners. */
  incident(id: string): Incident | undefined
  /** How many incidents alerts have opened, or have had held for triage, since then (epoch ms). */
  openedSince(since: number): { open: number; held: number }
  /** Every open incident, as it stands after the writes before this one; with those groups that the writes name. */
  open(): Candidate[]
}

/** One change to one incident. */
export type Write = {
  /** An incident's id, `new`, or who decides inside the transaction; undefined means there is nothing to write. */
  to: string | 'new' | ((known: Known) => string | 'new' | undefined)
  /** From the state to the facts. Pure; may refuse. May be called again, on a newer state. */
  decide(incident: Incident): IncidentEvent[]
  /** The version the caller saw; anything else is a `VersionConflict`. Without it the newest state is decided on. */
  expect?: number
  /** Recorded only once in the whole log: a second write with the same key changes nothing. */
  once?: string | undefined
  /** The effect that is done with this write. */
  done?: string | undefined
  /** The alerts whose owners `to` asks for. */
  alertKeys?: string[]
  /** The alerts, whatever their occurrence, of which `to` asks where they are. */
  fingerprints?: string[]
  /** An end, kept under these names when there is nothing to write to: its beginning may come late. */
  early?: { names: string[] /** By its source's clock, epoch ms. */; at: number }
  /** What `to` may name besides the open incidents and the owners. */
  incidents?: string[]
  /** The sources' groups whose incidents `to` asks for. */
  groups?: string[]
}

/** What a write came to. */
export type Outcome = {
  /** As it stands now; of the incident that owns the `once` key when this was a repetition. */
  incident: Incident | undefined
  /** What was written; empty for a repetition and when nothing changed. */
  events: RecordedEvent[]
  repeated: boolean
}
