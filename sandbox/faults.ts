import type { NextFunction, Request, Response } from 'express'

/** A fault injected into a fake service. */
export type Fault =
  | { kind: 'none' }
  /** Closes every connection without a response. */
  | { kind: 'dead' }
  /** Responds correctly after a delay. */
  | { kind: 'slow'; delayMs: number }
  /** Responds 500 with a plain-text body, as a proxy does. */
  | { kind: 'failing' }
  /** Responds 200 with truncated JSON. */
  | { kind: 'garbage' }
  /** Responds in the right shape, with NaN for every value. */
  | { kind: 'not_a_number' }

/** The current fault of a fake service and the middleware that applies it. `not_a_number` is up to the service. */
export const faultSwitch = () => {
  let fault: Fault = { kind: 'none' }
  return {
    current: () => fault,
    set: (next: Fault) => {
      fault = next
    },
    middleware: (request: Request, response: Response, next: NextFunction) => {
      switch (fault.kind) {
        case 'dead':
          request.socket.destroy()
          return
        case 'slow':
          setTimeout(next, fault.delayMs).unref()
          return
        case 'failing':
          response.status(500).type('text/plain').send('upstream connect error or disconnect/reset before headers')
          return
        case 'garbage':
          response.status(200).type('application/json').send('{"status":"success","data":{"resultType":"mat')
          return
        case 'none':
        case 'not_a_number':
          next()
          return
        default:
          fault satisfies never
      }
    },
  }
}
