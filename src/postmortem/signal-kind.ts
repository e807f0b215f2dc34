import type { ChartSnapshot } from '../incident/evidence.ts'

/** The title and unit of a graph; its kind where its source says so. */
export type Named = { title: string; query: string | null; unit: string; signal: ChartSnapshot['signal'] }

const ERRORS = /fail|error|5xx|5\.\./i

/** A graph of the share of requests that fail. */
export const isErrorShare = ({ title, query, unit, signal }: Named): boolean =>
  /^(%|percent|ratio|percentunit)$/.test(unit) && (signal === 'errors' || ERRORS.test(`${title} ${query}`))

/** A graph of all requests; going up or down, it is neither good nor bad. */
export const isTraffic = ({ title, query, unit, signal }: Named): boolean =>
  /^(req|requests|ops|rps|reqps)(\/s)?$/.test(unit) &&
  (signal === undefined ? !ERRORS.test(`${title} ${query}`) : signal === 'traffic')
