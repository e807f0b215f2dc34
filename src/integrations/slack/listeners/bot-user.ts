/** Muster's own user id, as every delivery of an event names it. Slack: `authorizations` holds one installation. */
export const botUserOf = (body: object): string | undefined => {
  const { authorizations } = body as { authorizations?: { user_id?: string; is_bot?: boolean }[] }
  return authorizations?.find(({ is_bot }) => is_bot)?.user_id
}
