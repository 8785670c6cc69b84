import { expect, setDefaultTimeout, test } from 'bun:test'
import { namespacesMissing, prepareNamespaces } from './namespace-tools.ts'
import { startNetwork } from './namespaces.ts'
import type { Place } from './place.ts'
import { describeWhere } from './suite.ts'
import { waitFor } from './wait.ts'

/** Prints a line for each line that it receives, on a connection for each. */
const echo = (address: string, port: number): string =>
  `Bun.listen({ hostname: '${address}', port: ${port}, socket: { data: (s, d) => { s.write(d) } } }); console.log('ready')`

const port = 7000

const startEcho = async (place: Place, address: string) => {
  const child = Bun.spawn([...place.command([process.execPath, '-e', echo(address, port)])], {
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'inherit',
  })
  await child.stdout.getReader().read()
  return child
}

/** Connects from a place, and says what came of it. */
const reach = async (from: Place, address: string): Promise<string> => {
  const program = `
    const s = require('node:net').connect({ host: '${address}', port: ${port} })
    const say = what => { console.log(what); process.exit() }
    s.on('connect', () => s.write('hello'))
    s.on('data', () => say('answered'))
    s.on('error', error => say(error.code))
    setTimeout(() => say('nothing'), 1000)`
  const child = Bun.spawn([...from.command([process.execPath, '-e', program])], {
    stdin: 'ignore',
    stdout: 'pipe',
  })
  return (await child.stdout.text()).trim()
}

const here = { command: (command: readonly string[]) => command } as Place

describeWhere('a network of namespaces', namespacesMissing(), prepareNamespaces, () => {
  setDefaultTimeout(60_000)

  test('everybody reaches everybody, until a link is cut; others go on; healed, it is as before', async () => {
    await using network = await startNetwork('weu', 'neu', 'dns')
    const [weu, neu, dns] = [network.place('weu'), network.place('neu'), network.place('dns')]
    for (const place of [weu, neu, dns]) await startEcho(place, place.address)
    const picture = async () => ({
      'weu-neu': await reach(weu, neu.address),
      'neu-weu': await reach(neu, weu.address),
      'weu-dns': await reach(weu, dns.address),
      'neu-dns': await reach(neu, dns.address),
      'test-weu': await reach(here, weu.address),
    })
    const whole = {
      'weu-neu': 'answered',
      'neu-weu': 'answered',
      'weu-dns': 'answered',
      'neu-dns': 'answered',
      'test-weu': 'answered',
    }
    expect(await picture()).toEqual(whole)
    network.cut('weu', 'neu')
    expect(await picture()).toEqual({ ...whole, 'weu-neu': 'nothing', 'neu-weu': 'nothing' })
    network.heal('weu', 'neu')
    expect(await picture()).toEqual(whole)
    network.isolate('weu')
    expect(await picture()).toEqual({
      ...whole,
      'weu-neu': 'nothing',
      'neu-weu': 'nothing',
      'weu-dns': 'nothing',
      'test-weu': 'nothing',
    })
    network.rejoin('weu')
    expect(await picture()).toEqual(whole)
  })

  test('a connection that exists is cut as well, and goes on when healed', async () => {
    await using network = await startNetwork('a', 'b')
    const [a, b] = [network.place('a'), network.place('b')]
    await startEcho(b, b.address)
    const program = `
      const s = require('node:net').connect({ host: '${b.address}', port: ${port} })
      s.on('data', d => process.stdout.write(d))
      process.stdin.on('data', d => s.write(d))`
    const talker = Bun.spawn([...a.command([process.execPath, '-e', program])], {
      stdin: 'pipe',
      stdout: 'pipe',
    })
    let heard = ''
    const listening = (async () => {
      for await (const chunk of talker.stdout) heard += new TextDecoder().decode(chunk)
    })()
    const say = async (line: string) => {
      talker.stdin.write(`${line}\n`)
      await talker.stdin.flush()
    }
    await say('one')
    await waitFor(() => heard === 'one\n', { what: 'an echo' })
    network.cut('a', 'b')
    await say('two')
    expect(await reach(a, b.address)).toBe('nothing')
    expect(heard).toBe('one\n')
    network.heal('a', 'b')
    // TCP sends again in its own time.
    await waitFor(() => heard === 'one\ntwo\n', { what: 'what was said meanwhile', timeoutMs: 30_000 })
    talker.kill()
    await listening
  })

  test('the test reaches an isolated place by its control address, and no other place does', async () => {
    await using network = await startNetwork('a', 'b')
    const [a, b] = [network.place('a'), network.place('b')]
    await startEcho(a, a.control)
    network.isolate('a')
    expect(await reach(here, a.control)).toBe('answered')
    expect(await reach(a, a.control)).toBe('answered')
    expect(await reach(b, a.control)).not.toBe('answered')
  })

  test('nothing leaves the machine', async () => {
    await using network = await startNetwork('a')
    const routes = Bun.spawnSync([...network.place('a').command(['ip', 'route', 'get', '192.0.2.1'])])
    expect(routes.success).toBe(false)
  })

  test('two networks know nothing of each other', async () => {
    await using one = await startNetwork('a')
    await using other = await startNetwork('a')
    const [a, b] = [one.place('a'), other.place('a')]
    expect(a.address).not.toBe(b.address)
    await startEcho(b, b.address)
    expect(await reach(b, b.address)).toBe('answered')
    expect(await reach(a, b.address)).not.toBe('answered')
  })

  test('nothing is left, neither of one that was ended nor of one whose process was killed', async () => {
    const left = (): string =>
      Bun.spawnSync(['ip', '-o', 'link']).stdout.toString() +
      Bun.spawnSync(['ip', 'netns', 'list']).stdout.toString()
    const network = await startNetwork('a', 'b')
    const number = network.place('a').address.split('.')[2]
    const child = await startEcho(network.place('a'), '0.0.0.0')
    expect(left()).toContain(`srouter-${number}-a`)
    await network[Symbol.asyncDispose]()
    await child.exited
    const gone = (of: string | undefined) =>
      waitFor(() => !left().includes(`srouter-${of}-`) && !left().includes(`srt${of}-`), {
        what: 'it to be gone',
      })
    await gone(number)

    const program = `
      import { startNetwork } from '${import.meta.dir}/namespaces.ts'
      const network = await startNetwork('a')
      console.log(network.place('a').address)
      setInterval(() => {}, 1000)`
    const owner = Bun.spawn([process.execPath, '-e', program], { stdin: 'ignore', stdout: 'pipe' })
    const { value } = await owner.stdout.getReader().read()
    const theirs = new TextDecoder().decode(value).split('.')[2]
    owner.kill('SIGKILL')
    await gone(theirs)
  })

  for (const names of [['a', 'a'], ['A'], ['a b'], ['']])
    test(`no places: ${JSON.stringify(names)}`, async () => {
      await expect(startNetwork(...names)).rejects.toThrow('cannot be the places')
    })
})
