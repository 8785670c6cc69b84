/** Where the time comes from. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
}

/** Results go to `out`, everything else to `err`. */
export interface Output {
  out(text: string): void
  err(text: string): void
  /** The terminal's width in columns, or undefined where `out` is no terminal. */
  readonly columns: number | undefined
  /** Its height, or undefined likewise. */
  readonly rows: number | undefined
  readonly color: boolean
}

/** Standard input. */
export interface Input {
  /** All of it, to its end. Throws a UserError where it cannot be read; whether it is text, the reader sees. */
  read(): Promise<string | Uint8Array>
}
