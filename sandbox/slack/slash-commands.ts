import type { Arguments } from './arguments.ts'
import { isEmpty, readContent } from './content.ts'
import type { Person } from './people.ts'
import { say } from './response-urls.ts'
import { type Stage, seenChannel } from './stage.ts'
import { commandText } from './typed-text.ts'
import type { Act, ActResult } from './view.ts'

/** Somebody sends a slash command; the app's answer to it, if any, is shown at once. */
export const commandAct = async (
  { core, delivery, responseUrls }: Stage,
  asked: Extract<Act, { type: 'command' }>,
  person: Person,
): Promise<ActResult> => {
  const { workspace, manifest } = core
  const channel = seenChannel(core, asked.channel, person)
  const known = manifest.features.slash_commands.find(({ command }) => command === asked.command)
  if (!known) return { ok: false, error: 'unknown_command' }
  if (channel.archived) return { ok: false, error: 'is_archived' }
  const names = { channel: channel.name, private: 'privategroup', dm: 'directmessage' }
  const receipt = await delivery.ask({
    kind: 'slash_commands',
    payload: {
      token: 'deprecatedVerifToken',
      team_id: workspace.team.id,
      team_domain: workspace.team.domain,
      channel_id: channel.id,
      channel_name: names[channel.kind],
      user_id: person.id,
      user_name: person.name,
      command: asked.command,
      text: commandText(core, asked.text, known.should_escape === true),
      api_app_id: workspace.app.id,
      is_enterprise_install: 'false',
      response_url: responseUrls.issue('commands', person.id, channel.id),
      trigger_id: core.triggers.issue(person.id),
    },
  })
  if (!receipt.acked) return { ok: false, error: receipt.error }
  if (receipt.body) {
    const args: Arguments = receipt.body
    const content = readContent(args, core)
    if (!isEmpty(content)) say(core, person.id, channel.id, content, { inChannel: args.response_type === 'in_channel' })
  }
  return { ok: true }
}
