const csi = '\u001b['
const home = `${csi}H`
const clearScreen = `${csi}2J`
const clearLine = `${csi}K`
const clearBelow = `${csi}J`
/** What is longer than the terminal is wide is cut, and takes no second row. */
const [noWrap, wrap] = [`${csi}?7l`, `${csi}?7h`]

/**
 * A text that takes the place of the last one on a terminal: written over it line by line, so that nothing flickers, and
 * in one piece, so that an interrupt leaves the terminal as it was. What does not fit is counted.
 */
export const frame = (text: string, rows: number | undefined, isFirst: boolean): string => {
  const all = text.trimEnd().split('\n')
  // The last row is left to the cursor.
  const room = Math.max(2, (rows ?? Number.POSITIVE_INFINITY) - 1)
  const lines =
    all.length <= room
      ? all
      : [
          ...all.slice(0, room - 1),
          `… ${all.length - room + 1} more lines; -n, --phase and --zone select, and -o wide without --watch shows all`,
        ]
  return [
    noWrap,
    ...(isFirst ? [clearScreen] : []),
    home,
    ...lines.map(line => `${line}${clearLine}\n`),
    clearBelow,
    wrap,
  ].join('')
}
