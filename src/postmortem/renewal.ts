import { Refusal } from '../incident/errors.ts'
import { STYLE } from './style.ts'

/**
 * Posts fresh links in the incident's channel, where its members can follow them. Repeated within the hour it does
 * nothing.
 * @returns the channel's Slack id, where the links are.
 * @throws Refusal when there is nothing to post, or no channel to post it in.
 */
export type Renew = (id: string) => Promise<string>

/** A page may be sent to itself, and nowhere else. */
export const renewalPolicy = (policy: string): string => policy.replace("form-action 'none'", "form-action 'self'")

/**
 * The page for an expired link, since bookmarks outlive links. Fresh links are posted to the incident's channel and not
 * on the page, so that an old link that leaked grants no access.
 */
export const expiredPage = (id: string): string =>
  page(
    'This link has expired',
    `<p>Links to the postmortem of ${id} work for 30 days. Muster can post fresh ones in the incident's channel.</p>
<form method="post"><button>Post fresh links in Slack</button></form>
<p><code>/incident postmortem links</code> in that channel does the same.</p>`,
  )

/** After the button was pressed. */
export const renewedPage = (id: string, channel: string): string =>
  page(
    'Fresh links are on their way',
    `<p>In a moment the message with the postmortem of ${id} has links that work again.</p>
<p><a href="https://slack.com/app_redirect?channel=${encodeURIComponent(channel)}" rel="noopener noreferrer">Open the incident's channel in Slack</a></p>`,
  )

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`

/** The reason for the person who pressed the button; undefined when Muster itself failed. */
export const refusalOf = (error: unknown): string | undefined => (error instanceof Refusal ? error.message : undefined)
