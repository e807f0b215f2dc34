import type { EffectHandler } from '../../../incident/effect-handler.ts'
import { isActive } from '../../../incident/status.ts'
import { type Block, USED_ONCE } from '../block.ts'
import { isDeleted } from '../post.ts'
import type { MessageOptions } from './message-options.ts'

/** Sub-commands that only an open incident takes; `run:` is how buttons name them. */
const ONLY_WHILE_OPEN = /^run:(resolve|claim|status|mitigations|update|page|split)\b/

/** Takes buttons off what was posted while the incident was open, once it is over. */
export const oldButtonEffects = ({ poster }: MessageOptions) => {
  // A second run finds no such buttons.
  const remove_buttons: EffectHandler<'remove_buttons'> = async (_effect, { incident, signal }) => {
    const { channel, status } = incident
    // Opened again meanwhile, they act again.
    if (!channel || isActive(status)) return []
    for (const message of await poster.ofIncident(channel.id, incident, signal)) {
      const blocks = message.blocks.filter((block) => !isOld(block))
      if (blocks.length === message.blocks.length) continue
      signal.throwIfAborted()
      await poster.edit(message, { text: message.text, blocks }, signal).catch((error: unknown) => {
        if (!isDeleted(error)) throw error
      })
    }
    return []
  }
  return { remove_buttons }
}

const isOld = ({ block_id, elements }: Block): boolean =>
  block_id === USED_ONCE &&
  Array.isArray(elements) &&
  elements.some(({ action_id }: { action_id?: unknown }) => ONLY_WHILE_OPEN.test(String(action_id)))
