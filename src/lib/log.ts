import { createConsola } from 'consola/core'
import type { Clock } from './io.ts'

export const logLevels = ['error', 'warn', 'info', 'debug'] as const
export type LogLevel = (typeof logLevels)[number]

export const logFormats = ['text', 'json'] as const
export type LogFormat = (typeof logFormats)[number]

export type Fields = Readonly<Record<string, string | number | boolean | null | undefined>>

/** Messages are constant; what varies is a field, so that logs can be searched and counted. */
export interface Log {
  error(message: string, fields?: Fields): void
  warn(message: string, fields?: Fields): void
  info(message: string, fields?: Fields): void
  debug(message: string, fields?: Fields): void
}

export interface LogOptions {
  readonly level: LogLevel
  readonly format: LogFormat
  readonly clock: Clock
  /** Takes one line without its newline, made safe for where it is written. */
  readonly write: (line: string) => void
}

export const createLog = ({ level, format, clock, write }: LogOptions): Log => {
  const line = format === 'json' ? jsonLine : textLine
  const consola = createConsola({
    level: consolaLevel[level],
    // consola would swallow a line that repeats; a daemon's log must show every one
    throttle: Number.NEGATIVE_INFINITY,
    reporters: [
      {
        log: ({ type, args: [message, fields] }) =>
          write(line({ time: clock.now(), level: type, message, fields: fields ?? {} })),
      },
    ],
  })
  return {
    error: (message, fields) => consola.error(message, fields),
    warn: (message, fields) => consola.warn(message, fields),
    info: (message, fields) => consola.info(message, fields),
    debug: (message, fields) => consola.debug(message, fields),
  }
}

const consolaLevel: Record<LogLevel, number> = { error: 0, warn: 1, info: 3, debug: 4 }

interface Entry {
  readonly time: number
  readonly level: string
  readonly message: string
  readonly fields: Fields
}

/**
 * `{"time":"2026-01-02T03:04:05.678Z","level":"info","message":"Plan made","routes":12}`; a field of such a name
 * gives way.
 */
const jsonLine = ({ time, level, message, fields }: Entry): string => {
  const own = { time: new Date(time).toISOString(), level, message }
  return JSON.stringify({ ...own, ...fields, ...own })
}

/** `info: Plan made routes=12 file="a b.yaml"` */
const textLine = ({ level, message, fields }: Entry): string =>
  [`${level}: ${message}`, ...Object.entries(fields).flatMap(textField)].join(' ')

const textField = ([name, value]: [string, Fields[string]]): readonly string[] =>
  value === undefined ? [] : [`${name}=${typeof value === 'string' ? quoted(value) : value}`]

const quoted = (value: string): string => (/^[\w.:/@-]+$/.test(value) ? value : JSON.stringify(value))
