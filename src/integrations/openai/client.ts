import { z } from 'zod'
import { createHttpClient, HttpError } from '../../platform/http-client.ts'
import { expectOk } from '../../platform/http-status.ts'

export type ChatOptions = {
  /** Base address of the API, with its version: `https://api.openai.com/v1`. */
  url: string
  /** Without one no `Authorization` is sent, as to a model on one's own machine. */
  token?: string | undefined
  model: string
  /** Limit for a whole answer, ms. */
  timeoutMs?: number
}

/** A model writes for tens of seconds; nobody's work waits for it. */
const TIMEOUT_MS = 60_000
const MAX_BYTES = 256 * 1024

/** The parts of a chat completion that are used. */
const Completion = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string().nullish() }) })).min(1),
})
const Refused = z.object({ error: z.object({ message: z.string() }) })

/**
 * Any endpoint that speaks OpenAI's chat completions, `POST /chat/completions`:
 * https://platform.openai.com/docs/api-reference/chat/create
 */
export const chatClient = ({ url, token, model, timeoutMs = TIMEOUT_MS }: ChatOptions) => {
  const name = `The model at ${new URL(url).host}`
  const http = createHttpClient({ name, url, token, timeoutMs, maxBytes: MAX_BYTES })
  return {
    /**
     * One answer. Sampling is left to the endpoint: some models refuse every parameter for it.
     * @throws one sentence when the endpoint does not answer, refuses or answers something else.
     */
    complete: async (system: string, user: string, signal?: AbortSignal): Promise<string> => {
      const messages = [
        { role: 'system', content: system },
        { role: 'user', content: user },
      ]
      const response = await http.request('/chat/completions', { method: 'POST', body: { model, messages }, signal })
      expectOk(response, { name, hint: 'SUMMARY_API_TOKEN says who asks.', detail: reasonIn(response.text) })
      const completion = Completion.safeParse(response.json())
      const text = completion.data?.choices[0]?.message.content?.trim()
      if (!text) throw new HttpError('not_json', `${name} answered without any text.`)
      return text
    },
  }
}

const reasonIn = (text: string): string | undefined => {
  try {
    return Refused.safeParse(JSON.parse(text)).data?.error.message.slice(0, 200)
  } catch {
    return undefined
  }
}
