import { expect, test } from 'vitest'
import { maskSecrets } from '../../src/incident/secrets.ts'

test.each([
  ['login with password=hunter2 failed', 'login with password=[secret] failed'],
  ['{"apiKey":"abc123","user":"ada"}', '{"apiKey":[secret],"user":"ada"}'],
  ['Authorization: Bearer abcdefgh12345678', 'Authorization: [secret]'],
  ['connecting to postgres://app:s3cr3t@db:5432/shop', 'connecting to postgres://app:[secret]@db:5432/shop'],
  ['jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.sig is old', 'jwt [secret] is old'],
  ['key AKIAIOSFODNN7EXAMPLE used', 'key [secret] used'],
  ['card 4111 1111 1111 1111 declined', 'card [secret] declined'],
  ['order 4111111111111112 accepted', 'order 4111111111111112 accepted'],
  ['HikariPool-1 - Connection is not available', 'HikariPool-1 - Connection is not available'],
  ['token bucket is empty', 'token bucket is empty'],
])('%s', (text, masked) => {
  expect(maskSecrets(text)).toBe(masked)
})
