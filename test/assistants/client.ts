import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'

/** The first text of a tool's answer, and whether the tool refused. */
export const call = async (client: Client, name: string, args: Record<string, unknown> = {}) => {
  const { content, isError = false } = (await client.callTool({ name, arguments: args })) as CallToolResult
  const text = content[0]?.type === 'text' ? content[0].text : ''
  return { text, isError }
}

/** The answer of a tool that returns JSON. */
export const read = async <Answer = Record<string, unknown>>(
  client: Client,
  name: string,
  args: Record<string, unknown> = {},
): Promise<Answer> => {
  const { text, isError } = await call(client, name, args)
  if (isError) throw new Error(text)
  return JSON.parse(text) as Answer
}
