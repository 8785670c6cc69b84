import type { Output } from '../lib/io.ts'
import { createLog, type LogFormat, type LogLevel } from '../lib/log.ts'
import type { Args, Values } from './definition.ts'
import type { Host } from './host.ts'
import { escapeTerminal } from './render/escape.ts'
import type { Reporter } from './report.ts'

/** What the global flags say about how to speak. */
export interface Settings {
  readonly color: boolean
  readonly logLevel: LogLevel
  readonly logFormat: LogFormat
}

/** For what is said before the flags are read. */
export const defaultSettings: Settings = { color: true, logLevel: 'info', logFormat: 'text' }

export const settingsOf = (values: Values): Settings => {
  // every command has the global flags, so they are among the values that `bind` makes
  const { color, quiet, logLevel, logFormat } = values as Args<Record<never, never>, Record<never, never>>
  return { color, logLevel: quiet ? 'error' : logLevel, logFormat }
}

/** Colour is for terminals, and can be refused (https://no-color.org). */
export const openOutput = (host: Host, { color }: Pick<Settings, 'color'>): Output => ({
  out: text => host.writer.write(1, text),
  err: text => host.writer.write(2, text),
  get columns() {
    return host.columns()
  },
  get rows() {
    return host.rows()
  },
  color: color && host.isTerminal(1) && !host.env.NO_COLOR && host.env.TERM !== 'dumb',
})

export const openReporter = (host: Host, { logLevel, logFormat }: Settings): Reporter => ({
  err: text => host.writer.write(2, text),
  log: createLog({
    level: logLevel,
    format: logFormat,
    clock: host.clock,
    write: line => host.writer.write(2, `${escapeTerminal(line)}\n`),
  }),
  logFormat,
  showStack: logLevel === 'debug',
})
