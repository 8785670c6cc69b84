/** Takes texts in their order while they fit; the first that does not closes it, so that nothing is left out between. */
export interface Room {
  readonly closed: boolean
  take(text: string): boolean
}

export const createRoom = (characters: number): Room => {
  let left = characters
  let closed = false
  return {
    get closed() {
      return closed
    },
    take(text) {
      if (closed || text.length > left) {
        closed = true
        return false
      }
      left -= text.length
      return true
    },
  }
}
