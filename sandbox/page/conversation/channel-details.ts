import type { MessageView, PersonView } from '../../slack/client-api.ts'
import { Avatar } from '../avatar.ts'
import { sandboxSeconds } from '../clock.ts'
import { html } from '../html.ts'
import { useSession, useSessionState, useTimeZone, useWorkspace } from '../session.ts'
import { SidePane } from '../side-pane.ts'
import { timeOfDay } from '../text/dates.ts'
import { Mrkdwn } from '../text/mrkdwn-view.ts'

/** Channel details: topic, purpose, pins and members. */
export function About({ channel }: { channel: string }) {
  const { messages } = useSessionState()
  const { conversations, people } = useWorkspace()
  const conversation = conversations.find(({ id }) => id === channel)
  if (!conversation) return null
  const pinned = conversation.pins.flatMap((ts) => messages[channel]?.filter((message) => message.ts === ts) ?? [])
  const members = conversation.members.flatMap((member) => people.filter(({ id }) => id === member))
  return html`
    <${SidePane} title="About" note="#${conversation.name}">
      <div class="about" tabindex="0" role="region" aria-label="About this channel">
        ${conversation.topic && html`<section><h3>Topic</h3><${Mrkdwn} text=${conversation.topic} /></section>`}
        ${conversation.purpose && html`<section><h3>Purpose</h3><${Mrkdwn} text=${conversation.purpose} /></section>`}
        ${pinned.length > 0 && html`<section><h3>Pinned</h3>${pinned.map((message) => html`<${Pinned} message=${message} />`)}</section>`}
        <section><h3>People · ${members.length}</h3><ul class="people">${members.map((person) => html`<li><${Person} person=${person} /></li>`)}</ul></section>
      </div>
    <//>`
}

function Pinned({ message }: { message: MessageView }) {
  const session = useSession()
  const { people } = useWorkspace()
  const timezone = useTimeZone()
  const author = people.find(({ id }) => id === message.user)
  const go = () => session.goTo({ kind: 'channel', channel: message.channel }, { ts: message.ts })
  return html`
    <button type="button" class="pinned" onClick=${go}>
      <span class="hint">${author?.realName ?? message.user} · ${timeOfDay(Number(message.ts), timezone)}</span>
      <span class="pinned-text">${message.text}</span>
    </button>`
}

const Person = ({ person }: { person: PersonView }) => html`
  <span class="person-line">
    <${Avatar} person=${person} size="32" />
    <span class="person-words"><span>${person.realName}${person.isBot ? html` <span class="tag">app</span>` : ''}</span><span class="hint">${[person.title, `${timeOfDay(sandboxSeconds(), person.timezone)} there`].filter(Boolean).join(' · ')}</span></span>
  </span>`
