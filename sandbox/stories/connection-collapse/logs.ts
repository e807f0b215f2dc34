import { minutes } from '../signals.ts'
import type { LogLine } from '../world.ts'

/** No errors until four minutes after the page: the pool times out only after 30 s. */
export const logs: LogLine[] = [
  {
    atMs: minutes(-60),
    untilMs: minutes(90),
    everyMs: 20_000,
    service: 'shipping',
    level: 'info',
    text: 'GET /shipping/cities/de 200',
  },
  {
    atMs: minutes(4),
    untilMs: minutes(16),
    everyMs: 4_000,
    service: 'shipping',
    level: 'error',
    text: 'java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available, request timed out after 30000ms',
  },
  {
    atMs: minutes(4, 12),
    untilMs: minutes(16),
    everyMs: 9_000,
    service: 'shipping',
    level: 'error',
    text: 'org.hibernate.exception.JDBCConnectionException: Unable to acquire JDBC Connection',
  },
  {
    atMs: minutes(3),
    untilMs: minutes(16),
    everyMs: 3_000,
    service: 'ratings',
    level: 'error',
    text: 'PDOException: SQLSTATE[HY000] [1040] Too many connections',
  },
  {
    atMs: minutes(23, 40),
    untilMs: minutes(26),
    everyMs: 6_000,
    service: 'shipping',
    level: 'error',
    text: 'java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available, request timed out after 30000ms',
  },
]
