/** Where a process of the lab runs, and by which addresses it is met. */
export interface Place {
  readonly name: string
  /** What others meet it by: those in other places, as long as nothing is cut, and the test. */
  readonly address: string
  /** What the test and processes in the same place meet it by, whatever is cut. Nobody else can. */
  readonly control: string
  /** The same command, run there. */
  command(command: readonly string[]): readonly string[]
}

/** Where the test itself runs. */
export const here: Place = {
  name: 'here',
  address: '127.0.0.1',
  control: '127.0.0.1',
  command: command => command,
}
