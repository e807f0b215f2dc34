import type { NextFunction, Request, Response } from 'express'

/** How a stand-in can be ill. */
export type Fault =
  | { kind: 'none' }
  /** Cuts every connection without a word. */
  | { kind: 'dead' }
  /** Answers truly, but late. */
  | { kind: 'slow'; delayMs: number }
  /** Answers 500 with a body that is not JSON, as a proxy does. */
  | { kind: 'failing' }
  /** Answers 200 with text that is no JSON. */
  | { kind: 'garbage' }
  /** Answers with the right shape, and NaN for every value. */
  | { kind: 'not_a_number' }

/** A switch for a stand-in's health, and the middleware that acts on it. `not_a_number` is left to the stand-in. */
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
