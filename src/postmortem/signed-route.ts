import type { Request, RequestHandler, Response } from 'express'
import type { Log } from '../platform/log.ts'
import { verifyLink } from './links.ts'

export type Signing = {
  /** `MUSTER_SECRET` */
  secret: string
  /** The clock, epoch ms. */
  now(): number
  log: Log
}

type Page = {
  /** Its Content-Security-Policy. */
  policy: string
  /** The sub-command that creates a new link. */
  command: string
  /** What it is, for an error: `The postmortem`. */
  what: string
}

/** A page that belongs to one incident. */
export type SignedPage = Page & {
  /** The path of an incident's page, as it was signed. */
  path(id: string): string
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
  (signing: Signing, { path, what, answer, expired, ...page }: SignedPage): RequestHandler =>
  (request, response) => {
    const id = String(request.params.id)
    if (!/^INC-\d{1,9}$/.test(id)) return refuse(response, 404, 'There is no such incident.')
    openPage(signing, request, response, {
      ...page,
      path: path(id),
      what: `${what} of ${id}`,
      answer: (expiresAt) => answer(id, response, expiresAt),
      ...(expired ? { expired: () => expired(id, response) } : {}),
    })
  }

/** Handles a page that belongs to no incident, and that only a link signed by `signLink` for `path` opens. */
export const signedPage =
  (
    signing: Signing,
    { answer, ...page }: Page & { path: string; answer(request: Request, response: Response): Promise<void> },
  ): RequestHandler =>
  (request, response) =>
    openPage(signing, request, response, { ...page, answer: () => answer(request, response) })

type Opened = Page & { path: string; answer(expiresAt: number): Promise<void>; expired?(): Promise<void> }

/** The signature is checked before anything is read: without one nobody can find out which incidents exist. */
const openPage = ({ secret, now, log }: Signing, request: Request, response: Response, page: Opened) => {
  const { path, policy, command, what, answer, expired } = page
  response.set({
    'Cache-Control': 'no-store',
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
  })
  const { expires, signature } = request.query
  const verdict = verifyLink({ secret, path, expires, signature, now: now() })
  if (verdict === 'expired' && !expired)
    return refuse(response, 403, `This link has expired; /incident ${command} in Slack gives a new one.`)
  if (verdict === 'wrong')
    return refuse(response, 403, `This link is not valid; /incident ${command} in Slack gives one that is.`)
  const answering = verdict === 'expired' && expired ? expired() : answer(Number(expires) * 1000)
  answering.catch((error: unknown) => {
    log.error('a signed page could not be written', { page: path, error })
    if (response.headersSent) response.destroy()
    else refuse(response, 500, `${what} could not be written; Muster's log says why.`)
  })
}
