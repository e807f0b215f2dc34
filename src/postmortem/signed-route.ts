import type { RequestHandler, Response } from 'express'
import type { Log } from '../platform/log.ts'
import { verifyLink } from './links.ts'

export type Signing = {
  /** `MUSTER_SECRET` */
  secret: string
  /** The clock, epoch ms. */
  now(): number
  log: Log
}

export type SignedPage = {
  /** The path of an incident's page, as it was signed. */
  path(id: string): string
  /** Its Content-Security-Policy. */
  policy: string
  /** The sub-command that creates a new link. */
  command: string
  /** What it is, for an error: `The postmortem`. */
  what: string
  /** Answers a request whose link is valid, until `expiresAt` (epoch ms). */
  answer(id: string, response: Response, expiresAt: number): Promise<void>
  /** Answers one whose link was genuine and has expired; without it the sentence about the command does. */
  expired?(id: string, response: Response): Promise<void>
}

export const refuse = (response: Response, status: number, sentence: string): void => {
  response.status(status).type('text/plain').send(`${sentence}\n`)
}

/** Handles a page of an incident (`:id` in the route) that only a link signed by `signLink` opens. */
export const signedRoute =
  ({ secret, now, log }: Signing, { path, policy, command, what, answer, expired }: SignedPage): RequestHandler =>
  (request, response) => {
    const id = String(request.params.id)
    if (!/^INC-\d{1,9}$/.test(id)) return refuse(response, 404, 'There is no such incident.')
    response.set({
      'Cache-Control': 'no-store',
      'Content-Security-Policy': policy,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
    })
    // The signature is checked first: without one nobody can find out which incidents exist.
    const { expires, signature } = request.query
    const verdict = verifyLink({ secret, path: path(id), expires, signature, now: now() })
    if (verdict === 'expired' && !expired)
      return refuse(response, 403, `This link has expired; /incident ${command} in Slack gives a new one.`)
    if (verdict === 'wrong')
      return refuse(response, 403, `This link is not valid; /incident ${command} in Slack gives one that is.`)
    const answering =
      verdict === 'expired' && expired ? expired(id, response) : answer(id, response, Number(expires) * 1000)
    answering.catch((error: unknown) => {
      log.error('a page of an incident could not be written', { incident: id, page: path(id), error })
      if (response.headersSent) response.destroy()
      else refuse(response, 500, `${what} of ${id} could not be written; Muster's log says why.`)
    })
  }
