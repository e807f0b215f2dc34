/** Messages for Slack's error codes. */
const MESSAGES: Record<string, string> = {
  already_pinned: 'That message is pinned already.',
  app_not_connected: 'Muster is not connected at the moment. Try again when it is back.',
  cant_update_message: 'Only the author can change that message.',
  channel_not_found: 'That channel does not exist, or you are not in it.',
  dispatch_failed: 'Muster could not be reached. Try again when it is back.',
  expired_trigger_id: 'Muster took too long to open the window. Try again.',
  is_archived: 'This channel is archived; nothing more can be written in it.',
  message_not_found: 'That message is gone.',
  not_in_channel: 'Join the channel first.',
  operation_timeout: 'Muster did not answer in time. Try again.',
  unknown_command: 'There is no such command. Commands begin with /incident.',
}

/** The message for an error code; an unknown code is shown as it is. */
export const errorMessage = (error: string) => MESSAGES[error] ?? error
