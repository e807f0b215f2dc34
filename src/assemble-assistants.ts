import type { Router } from 'express'
import { assistantRoute } from './assistants/route.ts'
import { assistantSources, type SourcesOptions } from './assistants/sources.ts'
import type { Config } from './config/config.ts'
import type { Recorder } from './engine/record.ts'
import type { People } from './integrations/slack/people.ts'
import type { Log } from './platform/log.ts'

export type AssistantsOptions = Pick<Config, 'env' | 'file'> &
  Pick<SourcesOptions, 'store' | 'learning' | 'postmortems' | 'vocabulary' | 'onCalls' | 'now'> & {
    record: Recorder
    people: People
    log: Log
  }

/** `/mcp` of the server: what language models may read, for holders of `MUSTER_MCP_TOKEN`. */
export const assembleAssistants = ({ env, file, record, people, log, ...parts }: AssistantsOptions): Router =>
  assistantRoute({
    tokens: env.MUSTER_MCP_TOKEN ?? [],
    publicUrl: env.PUBLIC_URL,
    hosts: [env.HOST, ...file.assistants.hosts],
    sources: assistantSources({
      ...parts,
      nameOf: async (person) => (await people.personAtOnce(person))?.name ?? person,
      ...(file.assistants.notes ? { change: record.change } : {}),
    }),
    log,
  })
