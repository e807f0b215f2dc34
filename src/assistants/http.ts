import type { IncomingMessage, ServerResponse } from 'node:http'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { type AssistantOptions, createAssistantServer } from './server.ts'

/** Answers one message with JSON. Without sessions, a server lives as long as its request. */
export const answerOverHttp = async (
  request: IncomingMessage,
  response: ServerResponse,
  { body, ...options }: AssistantOptions & { body: object },
): Promise<void> => {
  const server = createAssistantServer(options)
  const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true })
  const closed = new Promise<void>((resolve) => response.once('close', resolve))
  // The SDK's own types disagree under `exactOptionalPropertyTypes`.
  await server.connect(transport as Transport)
  await transport.handleRequest(request, response, body)
  await closed
  await server.close()
}
