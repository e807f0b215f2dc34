import { type ActionContext, visibleChannel } from './action-context.ts'
import type { Arguments } from './arguments.ts'
import type { UserAction, UserActionResult } from './client-api.ts'
import { isEmpty, readContent } from './content.ts'
import type { Person } from './people.ts'
import { postResponse } from './response-urls.ts'
import { commandText } from './typed-text.ts'

/** Sends a slash command to the app and posts its immediate response, if any. */
export const commandAction = async (
  { core, delivery, responseUrls }: ActionContext,
  action: Extract<UserAction, { type: 'command' }>,
  person: Person,
): Promise<UserActionResult> => {
  const { workspace, manifest } = core
  const channel = visibleChannel(core, action.channel, person)
  const known = manifest.features.slash_commands.find(({ command }) => command === action.command)
  if (!known) return { ok: false, error: 'unknown_command' }
  if (channel.archived) return { ok: false, error: 'is_archived' }
  const names = { channel: channel.name, private: 'privategroup', dm: 'directmessage' }
  const response = await delivery.request({
    kind: 'slash_commands',
    payload: {
      token: 'deprecatedVerifToken',
      team_id: workspace.team.id,
      team_domain: workspace.team.domain,
      channel_id: channel.id,
      channel_name: names[channel.kind],
      user_id: person.id,
      user_name: person.name,
      command: action.command,
      text: commandText(core, action.text, known.should_escape === true),
      api_app_id: workspace.app.id,
      is_enterprise_install: 'false',
      response_url: responseUrls.issue('commands', person.id, channel.id),
      trigger_id: core.triggers.issue(action),
    },
  })
  if (!response.acked) return { ok: false, error: response.error }
  if (response.body) {
    const args: Arguments = response.body
    const content = readContent(args, core)
    if (!isEmpty(content))
      postResponse(core, person.id, channel.id, content, { inChannel: args.response_type === 'in_channel' })
  }
  return { ok: true }
}
