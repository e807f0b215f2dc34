import { useEffect, useState } from 'preact/hooks'
import type { ConversationView } from '../../slack/client-api.ts'
import { Composer } from '../composer/composer.ts'
import { html } from '../html.ts'
import { Icon } from '../icons.ts'
import { useSession, useSessionState, useWorkspace } from '../session.ts'
import { mainMessages } from '../state.ts'
import { Emoji, Link } from '../text/mentions.ts'
import { MrkdwnLine } from '../text/mrkdwn-view.ts'
import { MessageList } from './message-list.ts'
import { conversationName } from './names.ts'

/** A conversation: header, messages and composer. */
export function Channel({ channel }: { channel: string }) {
  const state = useSessionState()
  const session = useSession()
  const { conversations, me } = useWorkspace()
  const conversation = conversations.find(({ id }) => id === channel)
  if (!conversation) return html`<p class="loading">Nobody can look into this channel.</p>`
  const messages = state.messages[channel]
  const isIn = conversation.kind === 'dm' || conversation.members.includes(me.id)
  return html`
    <${ChannelHead} conversation=${conversation} />
    ${
      messages
        ? html`<${MessageList} key=${channel} label="Messages" messages=${mainMessages(messages)} all=${messages} newAfter=${state.readUpTo} intro=${html`<${Intro} conversation=${conversation} />`} />`
        : html`<p class="loading">Loading…</p>`
    }
    ${
      conversation.archived
        ? html`<p class="composer-closed">This channel is archived.</p>`
        : isIn
          ? html`<${Composer} key=${channel} channel=${channel} />`
          : html`<div class="composer-closed">You are not in this channel. <button type="button" class="button primary" onClick=${() => session.act({ type: 'join', channel })}>Join #${conversation.name}</button></div>`
    }`
}

function ChannelHead({ conversation }: { conversation: ConversationView }) {
  const session = useSession()
  const name = conversationName(useWorkspace(), conversation.id, '')
  const { id, kind, topic, members, pins, bookmarks } = conversation
  const about = () => session.openSide({ kind: 'about', channel: id })
  return html`
    <header class="head">
      <div class="head-words">
        <h1 title=${name}>${kind === 'dm' ? '' : kind === 'private' ? html`<${Icon} name="lock" size="16" />` : html`<span class="head-sign">#</span>`}<span class="head-name">${name}</span></h1>
        ${topic && html`<div class="topic" title="Topic"><${MrkdwnLine} text=${topic} /></div>`}
      </div>
      ${
        kind !== 'dm' &&
        html`
        <div class="head-buttons">
          ${pins.length > 0 && html`<button type="button" class="button quiet" aria-label="${pins.length} pinned" title="Pinned messages" onClick=${about}><${Icon} name="pin" size="15" />${pins.length}</button>`}
          <button type="button" class="button quiet" aria-label="${members.length} people" title="People and details" onClick=${about}><${Icon} name="people" size="16" />${members.length}</button>
        </div>`
      }
    </header>
    ${
      bookmarks.length > 0 &&
      html`
      <ul class="bookmarks" aria-label="Bookmarks">
        ${bookmarks.map(({ title, link, emoji }) => html`<li><${Link} url=${link}>${emoji ? html`<${Emoji} name=${emoji.replaceAll(':', '')} />` : html`<${Icon} name="document" size="14" />`}<span>${title}</span><//></li>`)}
      </ul>`
    }`
}

function Intro({ conversation }: { conversation: ConversationView }) {
  const name = conversationName(useWorkspace(), conversation.id)
  const [isShown, show] = useState(false)
  // A long channel opens at its end; rendering the introduction first would flicker.
  useEffect(() => show(true), [])
  if (!isShown) return null
  return html`
    <div class="intro">
      <p class="intro-title">${name}</p>
      <p>${conversation.purpose || (conversation.kind === 'dm' ? `Messages between you and ${name}.` : 'This is where the channel begins.')}</p>
    </div>`
}
