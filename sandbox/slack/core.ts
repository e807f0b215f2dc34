import type { Arguments } from './arguments.ts'
import type { BlockChecker } from './blocks/check.ts'
import type { Manifest } from './manifest.ts'
import type { Triggers } from './triggers.ts'
import type { Workspace } from './workspace.ts'

/** What every part of the fake Slack works with. */
export type Core = {
  workspace: Workspace
  manifest: Manifest
  scopes: string[]
  checker: BlockChecker
  triggers: Triggers
  /** This server's own address, without a slash at the end; known once it listens. */
  url: () => string
  /** A socket address for the app to connect to, with a ticket in it. */
  openSocket: () => string
  /** How long Slack takes to look at an uploaded file, in ms. */
  fileProcessingMs: number
}

/** One Web API method: arguments in, the members of the answer beside `ok: true` out; or it refuses. */
export type Method = (args: Arguments, core: Core) => Record<string, unknown>
export type Methods = Record<string, Method>
