import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import Sqlite from 'better-sqlite3'
import { SECRET } from './deliveries.ts'
import { tell } from './server-process.ts'

/** The least that a durable webhook can be: check the HMAC, insert one row in a transaction that reaches the disk, answer. */
const database = new Sqlite(process.argv[2] as string)
database.pragma('journal_mode = WAL')
database.pragma('synchronous = FULL')
database.exec('create table deliveries (body text not null)')
const insert = database.prepare('insert into deliveries (body) values (?)')

const isSigned = (body: Buffer, header: string | undefined): boolean => {
  const expected = Buffer.from(`v1=${createHmac('sha256', SECRET).update(body).digest('hex')}`)
  const given = Buffer.from(header ?? '')
  return given.length === expected.length && timingSafeEqual(given, expected)
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const body = Buffer.concat(chunks)
    if (!isSigned(body, request.headers['x-pagerduty-signature'] as string | undefined)) {
      response.writeHead(401, { 'Content-Length': 0 }).end()
      return
    }
    insert.run(body.toString('utf8'))
    response.writeHead(202, { 'Content-Length': 6 }).end('taken\n')
  })
})
tell(server)
