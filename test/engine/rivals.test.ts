import { expect, test } from 'bun:test'
import {
  applied,
  at,
  changed,
  configuration,
  gateway,
  identity,
  policy,
  route,
  run,
  service,
} from './build.ts'

const platform = [
  identity(),
  configuration({
    externalDNSControllers: [
      { name: 'b-c', region: 'weu' },
      { name: 'c', region: 'weu' },
    ],
  }),
  gateway(),
  service(),
  policy('app'),
]
const a = (serviceName: string) => route('app', 'a', { serviceName }, at(0))
const ab = route('app', 'a-b', { serviceName: 'y' }, at(1))

test('a route in trouble keeps its DNSEndpoint from one whose name would be the same', () => {
  const first = applied(run([...platform, a('x'), ab]))
  expect(first.map(({ metadata }) => metadata.name)).toContain('a-b-c')
  const reserved = run([...platform, a('own-x'), ab], first)
  expect(changed(reserved)).toEqual([])
  expect(changed(run([...platform, a('x'), ab], applied(reserved, first)))).toEqual([])
  // Once it is gone, the name is free.
  const alone = run([...platform, ab], first)
  expect(changed(alone)).toEqual([
    '- weu x-ns-p-prod-app CNAME aks01-weu-internal',
    '- weu x-ns-p-prod-app CNAME aks01-weu-internal',
  ])
  expect(
    applied(alone, first)
      .map(({ metadata }) => metadata.name)
      .filter(name => name.startsWith('a-'))
      .sort(),
  ).toEqual(['a-b-b-c', 'a-b-c'])
})
