import type { NextFunction, Request, Response } from 'express'
import type { Account } from './account.ts'
import { ApiError } from './api-error.ts'

type Options = { token: string; perMinute: number; now: () => number }

/** Checks the REST API token, then the rate limit; every response carries the rate-limit headers. */
export const guard = ({ token, perMinute, now }: Options) => {
  let minute = 0
  let used = 0
  return (request: Request, response: Response, next: NextFunction) => {
    const given = request.get('authorization')
    if (given !== `Token token=${token}` && given !== `Bearer ${token}`) throw new ApiError(401, 2006, 'Unauthorized')
    const current = Math.floor(now() / 60_000)
    if (current !== minute) used = 0
    minute = current
    used += 1
    response.set('ratelimit-limit', String(perMinute))
    response.set('ratelimit-remaining', String(Math.max(0, perMinute - used)))
    response.set('ratelimit-reset', String(60 - Math.floor((now() % 60_000) / 1000)))
    if (used > perMinute) throw new ApiError(429, 2020, 'Rate Limit Exceeded')
    next()
  }
}

/** The user named by the `From` header. PagerDuty: required for writes to incidents. */
export const requester = (request: Request, account: Account) => {
  const from = request.get('from')
  const user = account.users.find(({ email }) => email.toLowerCase() === from?.toLowerCase())
  if (!user) throw new ApiError(400, 1008, 'Requester User Not Found')
  return user
}
