import { expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { startZone } from '../lab/bind.ts'
import { isAlive } from '../lab/process.ts'
import { startSampler } from '../lab/sampler.ts'
import { describeLab } from '../lab/suite.ts'
import { changes } from '../lab/timeline.ts'
import { waitFor } from '../lab/wait.ts'

/** The lab's own zones and sampler: what the other tests of this folder rest on. */

const name = 'aks.example.com'
const host = `a.${name}`

describeLab(
  'zones',
  () => {
    setDefaultTimeout(180_000)
    test('of one name are apart, and keep their records when they are killed', async () => {
      await using weu = await startZone({ name, region: 'weu' })
      await using neu = await startZone({ name, region: 'neu' })
      const before = await weu.serial()
      await weu.update(`update add ${host} 60 A 10.0.0.1`, `update add b.${name} 300 CNAME ${host}`)
      const records = [
        { name: host, type: 'A', ttl: 60, data: '10.0.0.1' },
        { name: `b.${name}`, type: 'CNAME', ttl: 300, data: host },
      ]
      expect(await weu.records()).toEqual(records)
      expect(await weu.serial()).toBeGreaterThan(before)
      expect(await neu.records()).toEqual([])
      await weu.restart()
      expect(await weu.records()).toEqual(records)
      await expect(weu.update('update add')).rejects.toThrow('nsupdate')
    })

    test('are sampled without a memory: each answer is the one of that moment', async () => {
      await using zone = await startZone({ name, region: 'weu' })
      await using sampler = startSampler({ zones: [zone], names: [host, `b.${name}`], everyMs: 20 })
      const says = (answer: string) =>
        sampler.shows((_, each) => (each === host ? answer : undefined), `${host} to be ${answer}`)
      await says('NXDOMAIN')
      await zone.update(`update add b.${name} 300 CNAME ${host}`)
      await zone.update(`update add ${host} 3600 A 10.0.0.1`)
      await says('10.0.0.1')
      await zone.update(`update add ${host} 3600 AAAA fd00::1`)
      await says('10.0.0.1,fd00::1')
      await zone.update(`update delete ${host} A`)
      await says('fd00::1')
      await zone.update(`update delete ${host}`, `update add ${host} 60 TXT "x"`)
      await says('NXDOMAIN')
      await zone.kill('SIGSTOP')
      await says('no answer')
      await zone.kill('SIGCONT')
      await says('NXDOMAIN')
      await zone.kill()
      await says('no answer')
      const answers = changes(sampler.samples).filter(sample => sample.name === host)
      expect(answers.map(({ answer }) => answer)).toEqual([
        ...['NXDOMAIN', '10.0.0.1', '10.0.0.1,fd00::1', 'fd00::1', 'NXDOMAIN'],
        ...['no answer', 'NXDOMAIN', 'no answer'],
      ])
      const alias = changes(sampler.samples).filter(sample => sample.name !== host)
      expect(alias.map(({ answer }) => answer)).toContain('10.0.0.1,fd00::1')
    })

    test('end with the process that started them, also after kill -9', async () => {
      const script = `
        import { startZone } from ${JSON.stringify(join(import.meta.dir, '../lab/bind.ts'))}
        const zone = await startZone({ name: '${name}', region: 'weu' })
        console.log(zone.pid())
        await Bun.sleep(60_000)`
      const child = Bun.spawn([process.execPath, '-e', script], { stdout: 'pipe', stderr: 'inherit' })
      const { value } = await child.stdout.getReader().read()
      const pid = Number(new TextDecoder().decode(value))
      expect(isAlive(pid)).toBe(true)
      child.kill('SIGKILL')
      await waitFor(() => !isAlive(pid), { what: 'named to end' })
    })
  },
  'bind',
)
