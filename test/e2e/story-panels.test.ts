import { describe, expect, test } from 'vitest'
import { startSandboxed } from './sandboxed.ts'
import { textOf } from './stack.ts'

/** Plays a story to its end; returns what stands in the incident's channel and in its postmortem. */
const played = async (id: string) => {
  const sandboxed = await startSandboxed()
  const { sandbox, muster, settled } = sandboxed
  const player = sandbox.play(id, muster.settled)
  player.setSpeed(0)
  player.play()
  await player.finished
  await settled()
  const { channels, messages } = sandbox.slack.dump()
  const channel = channels.find(({ name }) => name.startsWith('inc-1-'))
  const inChannel = messages.filter((message) => message.channel === channel?.id)
  return {
    sandboxed,
    text: inChannel.map(textOf).join('\n'),
    images: inChannel
      .flatMap(({ blocks = [] }) => blocks as { type: string; title?: { text: string } }[])
      .flatMap(({ type, title }) => (type === 'image' && title ? [title.text] : [])),
    markdown: (await muster.postmortems.markdown('INC-1')) ?? '',
    files: (await muster.postmortems.files('INC-1'))?.pictures ?? [],
  }
}

describe("an alert's panel appears in the channel and the postmortem", () => {
  test('as rendered by Grafana, in the story of the quivering queue', async () => {
    const { sandboxed, images, markdown, files } = await played('quivering-queue')
    await using _ended = sandboxed
    expect(images).toContain('Memory per node')
    const [, file] = /!\[Memory per node[^\]]*\]\((charts\/[\w-]+\.png)\)/.exec(markdown) ?? []
    // Grafana's own picture is wider than ours.
    expect(files.find(({ path }) => path === file)?.bytes.readUInt32BE(16)).toBe(2000)
  }, 120_000)

  test('drawn once by Muster where Grafana has no renderer, in the story of the cache', async () => {
    const { sandboxed, images, markdown } = await played('cache-degradation')
    await using _ended = sandboxed
    const drawn = images.filter((title) => title.includes('CPU of a pod'))
    expect(drawn.length).toBeGreaterThan(0)
    expect(markdown.match(/!\[CPU of a pod/g)).toHaveLength(1)
    expect(images.some((title) => title.startsWith('Grafana'))).toBe(false)
  }, 120_000)
})
