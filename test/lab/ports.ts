/**
 * Free ports of 127.0.0.1, all different. They are below the range that systems take the ports of outgoing connections
 * from, so that a stopped API server finds its port free when it comes back.
 */
export const freePorts = (count: number): number[] => {
  const found = new Set<number>()
  for (let tries = 0; found.size < count && tries < 1000; tries++) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    if (isFree(port)) found.add(port)
  }
  if (found.size < count) throw new Error('no free ports between 20000 and 32000')
  return [...found]
}

const isFree = (port: number): boolean => {
  try {
    Bun.listen({ hostname: '127.0.0.1', port, socket: { data: () => undefined } }).stop(true)
    return true
  } catch {
    return false
  }
}
