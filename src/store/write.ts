import type { Candidate } from '../incident/correlate.ts'
import type { IncidentEvent, RecordedEvent } from '../incident/event.ts'
import type { Incident } from '../incident/incident.ts'

/** Where the occurrences of one alert are: all that share its fingerprint. */
export type Sighting = {
  /** incident -> when one of them last changed there, epoch ms */
  incidents: Map<string, number>
  /** The firing ones, by key. */
  firing: Map<string, { incident: string /** By its source's clock, epoch ms. */; beganAt: number | undefined }>
}

/** Where an occurrence of an alert is. */
export type Owner = {
  incident: string
  state: string
  /** When it last started or stopped firing, by our clock, epoch ms. */
  changedAt: number
  /** When it started firing, by its source's clock. */
  beganAt: number | undefined
}

/** What the store knows at the moment of writing; `route` decides on it. */
export type Known = {
  /** The incident an occurrence of an alert belongs to, and whether it is firing. */
  owner(alertKey: string): Owner | undefined
  /** Where the occurrences of one of the write's `fingerprints` are. */
  sighting(fingerprint: string): Sighting
  /** When an alert ended, by its source's clock (epoch ms), if its end was reported before its beginning. */
  endedEarly(name: string): number | undefined
  /** An incident among those loaded: the open ones and the owners. */
  incident(id: string): Incident | undefined
  /** How many incidents alerts have opened, or had held for triage, since then (epoch ms). */
  openedSince(since: number): { open: number; held: number }
  /** Every open incident, as the writes before this one left it, with its groups among those the writes name. */
  open(): Candidate[]
}

/** Appends to an incident's log what is decided on its latest state. */
export type DirectWrite = Terms & Destination

/** A write that determines its incident inside the transaction, from what is known of the alerts it names. */
export type RoutedWrite<Result> = Terms & {
  /** Pure. May be called again, on newer state. */
  route(known: Known): Routed<Result>
  /** The alerts whose incidents `route` looks up. */
  alertKeys?: string[]
  /** The fingerprints whose occurrences `route` looks up. */
  fingerprints?: string[]
  /** Incidents that `route` may return besides the open ones and the owners. */
  incidents?: string[]
  /** The sources' groups whose incidents `route` looks up. */
  groups?: string[]
}

export type Write<Result = unknown> = DirectWrite | RoutedWrite<Result>

/** Where a routed write goes, and what its caller learns from that. */
export type Routed<Result> = { result: Result } & (Destination | NoDestination)

type Destination = {
  /** An incident's id, or `new`. */
  to: string | 'new'
  /** From the state to the events. Pure; may refuse. May be called again, on a newer state. */
  decide(incident: Incident): IncidentEvent[]
}

type NoDestination = {
  to?: undefined
  /** Remembers under these names that an alert ended, for when its beginning arrives late. */
  ended?: { names: string[] /** By its source's clock, epoch ms. */; at: number }
}

type Terms = {
  /** Recorded only once in the whole log: a second write with the same key changes nothing. */
  once?: string | undefined
  /** The effect that is done with this write. */
  done?: string | undefined
}

/** What a write came to. */
export type Outcome<Result = unknown> = {
  /** Its current state; that of the incident that owns the `once` key when this was a repetition. */
  incident: Incident | undefined
  /** What was written; empty for a repetition and when nothing changed. */
  events: RecordedEvent[]
  repeated: boolean
  /** What `route` returned; undefined for a repetition and for a direct write. */
  result?: Result | undefined
}

export const isRouted = (write: Write): write is RoutedWrite<unknown> => 'route' in write
