import { inflateSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { createCharts } from '../../src/charts/charts.ts'
import { TryLater } from '../../src/incident/errors.ts'
import { latency, line } from './snapshots.ts'

/** Width, height and the rows of a PNG. Equal rows of one colour are equal bytes: the encoder keeps differences only. */
const read = (png: Buffer) => {
  const data: Buffer[] = []
  for (let offset = 8; offset < png.length; ) {
    const length = png.readUInt32BE(offset)
    if (png.toString('latin1', offset + 4, offset + 8) === 'IDAT')
      data.push(png.subarray(offset + 8, offset + 8 + length))
    offset += length + 12
  }
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)]
  const pixels = inflateSync(Buffer.concat(data))
  const stride = pixels.length / height
  const rows = Array.from({ length: height }, (_, i) =>
    pixels.subarray(i * stride, (i + 1) * stride).toString('latin1'),
  )
  return { width, height, rows }
}

describe('pictures', () => {
  const charts = createCharts()
  afterAll(() => charts.close())

  test('a chart is a PNG of twice 800 x 450 pixels with visible lines and text', async () => {
    const png = await charts.png(latency())
    expect(png.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))
    const { width, height, rows } = read(png)
    expect([width, height]).toEqual([1600, 900])
    expect(new Set(rows).size).toBeGreaterThan(200)
    // The title is at the top, and only a font can draw it.
    expect(new Set(rows.slice(30, 90)).size).toBeGreaterThan(30)
    const untitled = read(await charts.png(latency({ title: ' ', before: null, now: null })))
    expect(new Set(untitled.rows.slice(30, 90)).size).toBeLessThan(3)
  })

  test('size and scale can be chosen', async () => {
    const { width, height } = read(await charts.png(latency(), { width: 600, height: 300, scale: 1 }))
    expect([width, height]).toEqual([600, 300])
  })

  test('the light and dark themes differ', async () => {
    const [light, dark] = await Promise.all([charts.png(latency()), charts.png(latency(), { theme: 'dark' })])
    expect(light.equals(dark)).toBe(false)
  })

  test('rendering the same snapshot twice gives identical bytes', async () => {
    const [first, second] = await Promise.all([charts.png(latency()), charts.png(latency())])
    expect(first.equals(second)).toBe(true)
  })

  test.each([
    ['no series', { series: [] }],
    ['only gaps', { series: [line('a', () => null)] }],
    ['one point', { series: [{ name: 'a', labels: {}, points: [[latency().to, 1] as [number, number]] }] }],
    ['huge values', { series: [line('a', (minute) => (minute < 0 ? -1.7e308 : 1.7e308))] }],
    ['tiny values', { series: [line('a', () => 5e-324)], threshold: 0 }],
    ['no numbers at all', { series: [line('a', () => Number.NaN), line('b', () => Number.POSITIVE_INFINITY)] }],
    ['an empty range', { from: latency().to }],
    ['a range turned round', { from: latency().to, to: latency().from }],
    ['fifty series', { series: Array.from({ length: 50 }, (_, i) => line(`pod-${i}`, () => i)) }],
    [
      'names in other scripts, and mark-up',
      { title: '消息队列 🚒 مرحبا', series: [line('<b>&"\u0000', () => 1), line('队列', () => 2)] },
    ],
    ['no words', { title: '', query: '', unit: '', series: [line('', () => 1), line('', () => 2)] }],
  ])('renders %s', async (_, changes) => {
    expect(read(await charts.png(latency(changes))).width).toBe(1600)
  })
})

describe('the chart worker', () => {
  const fragile = (options = {}) =>
    createCharts({ worker: new URL('./fragile-worker.ts', import.meta.url), ...options })

  test.each([
    ['exit', 'could not be drawn: the drawing thread ended'],
    ['throw', 'could not be drawn: the drawing thread failed: boom'],
    ['flood', 'could not be drawn: the drawing thread failed: '],
  ])('a worker that crashes (%s) fails one chart, not those queued behind it', async (title, message) => {
    const charts = fragile()
    const [died, next] = await Promise.allSettled([charts.svg(latency({ title })), charts.svg(latency())])
    expect(died).toMatchObject({ status: 'rejected', reason: { message: expect.stringContaining(message) } })
    expect(next).toMatchObject({ status: 'fulfilled', value: expect.stringContaining('<svg') })
    await charts.close()
  })

  test('a chart that never finishes is aborted, and the next one is rendered', async () => {
    const charts = fragile({ timeoutMs: 3_000, worker: new URL('./fragile.ts', import.meta.url) })
    const [hung, next] = await Promise.allSettled([
      charts.svg(latency({ title: 'hang' })),
      charts.svg(latency({ title: 'quick' })),
    ])
    expect(hung).toMatchObject({
      reason: { message: 'The chart "hang" could not be drawn: it took longer than 3 s.' },
    })
    expect(next.status).toBe('fulfilled')
    await charts.close()
  })

  test('when the queue is full, further requests are told to retry later', async () => {
    const charts = fragile({ queueLimit: 2 })
    const drawings = [1, 2, 3].map(() => charts.svg(latency()))
    await expect(charts.svg(latency())).rejects.toBeInstanceOf(TryLater)
    await Promise.all(drawings)
    await charts.close()
  })

  test('after closing, queued and new requests are rejected', async () => {
    const charts = fragile()
    const drawings = [charts.svg(latency({ title: 'hang' })), charts.png(latency())]
    const settled = Promise.allSettled(drawings)
    await charts.close()
    expect(await settled).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }])
    await expect(charts.png(latency())).rejects.toThrow('shutting down')
  })
})
