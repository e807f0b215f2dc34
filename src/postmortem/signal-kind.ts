/** What a graph is called and measures. */
export type Named = { title: string; query: string | null; unit: string }

const ERRORS = /fail|error|5xx|5\.\./i

/** A graph of the share of requests that fail. */
export const isErrorShare = ({ title, query, unit }: Named): boolean =>
  /^(%|percent|ratio|percentunit)$/.test(unit) && ERRORS.test(`${title} ${query}`)

/** A graph of all requests; going up or down, it is neither good nor bad. */
export const isTraffic = ({ title, query, unit }: Named): boolean =>
  /^(req|requests|ops|rps|reqps)(\/s)?$/.test(unit) && !ERRORS.test(`${title} ${query}`)
