import { createSign, type KeyObject } from 'node:crypto'

type Options = { publicKey: KeyObject; privateKey: KeyObject; commonName: string /** Epoch ms. */; now: number }

/**
 * A self-signed X.509 certificate (RFC 5280, version 1) as PEM, valid for a year starting yesterday. Node can parse
 * certificates but not create them.
 */
export const selfSigned = ({ publicKey, privateKey, commonName, now }: Options): string => {
  const name = sequence(set(sequence(oid(2, 5, 4, 3), utf8(commonName))))
  const algorithm = sequence(oid(1, 2, 840, 113_549, 1, 1, 11), tagged(0x05))
  const day = 86_400_000
  const body = sequence(
    tagged(0x02, Buffer.from([1])),
    algorithm,
    name,
    sequence(time(now - day), time(now + 365 * day)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  )
  const signature = createSign('RSA-SHA256').update(body).sign(privateKey)
  const certificate = sequence(body, algorithm, tagged(0x03, Buffer.from([0]), signature))
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

/** One DER value: tag, length, content. */
const tagged = (tag: number, ...content: Buffer[]): Buffer => {
  const body = Buffer.concat(content)
  const length = body.length
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...head]), body])
}

const sequence = (...content: Buffer[]) => tagged(0x30, ...content)
const set = (...content: Buffer[]) => tagged(0x31, ...content)
const utf8 = (text: string) => tagged(0x0c, Buffer.from(text))

/** UTCTime: `261121030000Z`. */
const time = (at: number) => tagged(0x17, Buffer.from(`${new Date(at).toISOString().replace(/\D/g, '').slice(2, 14)}Z`))

const oid = (first: number, second: number, ...rest: number[]) =>
  tagged(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))

/** Seven bits per byte; the high bit is set on all but the last. */
const base128 = (value: number): number[] => {
  const bytes = [value & 0x7f]
  for (let rest = value >> 7; rest > 0; rest >>= 7) bytes.unshift((rest & 0x7f) | 0x80)
  return bytes
}
