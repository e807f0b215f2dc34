import { expect, test } from 'vitest'
import { readMusterFile } from '../../src/config/read-muster-file.ts'

const mistakes = (text: string): string[] => {
  const result = readMusterFile(text)
  return 'mistakes' in result ? result.mistakes.map(({ line, path, message }) => `${line} ${path}: ${message}`) : []
}

test.each([
  [
    'services:\n  web:\n    depends_on: [db]\n',
    '3 services.web.depends_on: there is no such key; did you mean dependsOn?',
  ],
  ['sevices: {}\n', '1 sevices: there is no such key; did you mean services?'],
  ['slack:\n  anouncements: "#x"\n', '2 slack.anouncements: there is no such key; did you mean announcements?'],
  ['opening:\n  - urgncy: high\n    do: open\n', '2 opening.0.urgncy: there is no such key; did you mean urgency?'],
  ['storm:\n  xyzzy: 1\n', '2 storm.xyzzy: there is no such key; expected one of incidents, withinMinutes'],
  [
    'services:\n  web:\n    dependsOn: [data]\n  date: {}\n',
    '3 services.web.dependsOn.0: expected the id of a service, found "data"; did you mean date?',
  ],
])('suggests the intended name: %j', (text, expected) => {
  expect(mistakes(text)).toContain(expected)
})

test.each([
  ['services:\n  web:\n    tier: 9\n', 'services.web.tier: expected a number of at most 5, found 9'],
  ['services:\n  web:\n    tier: high\n', 'services.web.tier: expected a number, found "high"'],
  ['services: [web]\n', 'services: expected an object, found a list'],
  ['severities: []\n', 'severities: expected at least 1 entry'],
  ['storm:\n  incidents: 0\n', 'storm.incidents: expected a number of more than 0, found 0'],
  ['storm:\n  incidents: 1.5\n', 'storm.incidents: expected a whole number, found 1.5'],
  ['opening:\n  - do: shout\n', 'opening.0.do: expected one of open, hold, note, found "shout"'],
  ['opening:\n  - do: open\n    service: 7\n', 'opening.0.service: '],
  ['services:\n  web!: {}\n', 'services.web!: expected a name'],
  ['webhooks:\n  x: {}\n', 'webhooks.x: expected `alerts`'],
  ['timezone: Mars/Olympus\n', 'timezone: expected a time zone like Europe/Berlin, found "Mars/Olympus"'],
])('says what is expected in plain words: %j', (text, expected) => {
  const [first = '', ...others] = mistakes(text)
  expect(first).toContain(expected)
  expect([first, ...others].join()).not.toMatch(/Invalid|Too (big|small)|Unrecognized|expected (string|record|int)\b/)
})
