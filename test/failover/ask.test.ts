import { expect, setDefaultTimeout, test } from 'bun:test'
import { questionKey, type RecordType } from '../../src/api/questions.ts'
import { ask } from '../../src/dns/ask.ts'
import { refusingNameServer } from '../cluster/support/name-server.ts'
import { startZone } from '../lab/bind.ts'
import { describeLab } from '../lab/suite.ts'

const domain = 'aks.example.com'

describeLab(
  'a name server that is asked',
  () => {
    setDefaultTimeout(180_000)
    test('has a record of a type, or has none, or does not answer', async () => {
      await using zone = await startZone({ name: domain, region: 'weu' })
      const owner = 'heritage=external-dns,external-dns/owner=weu,external-dns/resource=crd/app1/api'
      await zone.update(
        `update add a.${domain} 3600 A 10.0.0.1`,
        `update add a.${domain} 3600 A 10.0.0.2`,
        `update add a.${domain} 3600 AAAA fd00::1`,
        `update add b.${domain} 3600 CNAME a.${domain}`,
        `update add x-cname-b.${domain} 3600 TXT "${owner}"`,
        `update add x-a-a.${domain} 3600 TXT "${'a'.repeat(255)}" "${'b'.repeat(9)}"`,
      )
      const says = async (type: RecordType, name: string, server = zone.nameserver) => {
        const question = { zone: 'weu', name: `${name}.${domain}`, type }
        const answers = await ask({ questions: [question], servers: new Map([['weu', [server]]]) })
        const answer = answers.get(questionKey(question))
        return answer?.state === 'found' ? answer.targets.toSorted().join(' ') : answer?.state
      }
      expect(await says('A', 'a')).toBe('10.0.0.1 10.0.0.2')
      expect(await says('AAAA', 'a')).toBe('fd00::1')
      expect(await says('CNAME', 'b')).toBe(`a.${domain}`)
      expect(await says('TXT', 'x-cname-b')).toBe(owner)
      expect(await says('TXT', 'x-a-a')).toBe('a'.repeat(255) + 'b'.repeat(9))
      expect(await says('TXT', 'a')).toBe('absent')
      expect(await says('CNAME', 'a')).toBe('absent')
      expect(await says('TXT', 'nobody')).toBe('absent')
      expect(await says('TXT', 'a', await refusingNameServer())).toBe('silent')
      // No answer is kept, whatever its TTL says.
      await zone.update(`update delete x-cname-b.${domain} TXT`, `update delete a.${domain} AAAA`)
      expect(await says('TXT', 'x-cname-b')).toBe('absent')
      expect(await says('AAAA', 'a')).toBe('absent')
    })
  },
  'bind',
)
