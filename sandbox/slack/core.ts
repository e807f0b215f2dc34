import type { Arguments } from './arguments.ts'
import type { BlockChecker } from './blocks/check.ts'
import type { Manifest } from './manifest.ts'
import type { Triggers } from './triggers.ts'
import type { Workspace } from './workspace.ts'

/** Shared context of the fake Slack's API. */
export type Core = {
  workspace: Workspace
  manifest: Manifest
  scopes: string[]
  checker: BlockChecker
  triggers: Triggers
  /** This server's base URL without a trailing slash; known once it listens. */
  url: () => string
  /** A Socket Mode URL with a single-use ticket. */
  openSocket: () => string
  /** IANA zone in which pages show times; the viewer's own by default. */
  pageTimezone?: string | undefined
  /** Processing time of an uploaded file, in ms. */
  fileProcessingMs: number
}

/** A Web API method. Returns the members of the response beside `ok: true`. @throws SlackRefusal. */
export type Method = (args: Arguments, core: Core) => Record<string, unknown>
export type Methods = Record<string, Method>
