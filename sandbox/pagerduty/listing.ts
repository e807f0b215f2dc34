import type { Request } from 'express'
import { invalid } from './api-error.ts'

/** A page of a list with `limit`, `offset` and `more`; `total` only on request. */
export const page = <T>(request: Request, member: string, all: readonly T[]) => {
  const limit = Math.min(100, numberIn(request, 'limit', 25))
  const offset = numberIn(request, 'offset', 0)
  if (offset + limit > 10_000) throw invalid('Offset plus limit must not exceed 10000')
  return {
    [member]: all.slice(offset, offset + limit),
    limit,
    offset,
    more: offset + limit < all.length,
    total: request.query.total === 'true' ? all.length : null,
  }
}

const numberIn = (request: Request, name: string, otherwise: number) => {
  const text = request.query[name]
  if (text === undefined) return otherwise
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0) throw invalid(`${name} must be a non-negative integer`)
  return value
}

/** A repeatable parameter, `statuses[]=triggered&statuses[]=acknowledged`; empty when missing. */
export const many = (request: Request, name: string): string[] =>
  [request.query[`${name}[]`], request.query[name]].flat().filter((each) => typeof each === 'string')

/** A single parameter. */
export const one = (request: Request, name: string): string | undefined => many(request, name)[0]

/** `since` and `until` as epoch ms; open-ended when missing. */
export const windowIn = (request: Request) => {
  const instant = (name: string, otherwise: number) => {
    const text = one(request, name)
    const at = text === undefined ? otherwise : Date.parse(text)
    if (Number.isNaN(at)) throw invalid(`${name} is not a date`)
    return at
  }
  return { since: instant('since', 0), until: instant('until', Number.POSITIVE_INFINITY) }
}
