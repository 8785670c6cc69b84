import type { Step } from '../../adopt/step.ts'

/** What each step says of the zone, in one line. */
export const meaningOf: Readonly<Record<Step, string>> = {
  prepare: 'DNSConfiguration has to be completed first',
  unread: 'the zone does not say what is in it',
  mistaken: 'ownership records are there that say something else',
  open: 'ownership is to be written, and no ExternalDNS writes TXT records',
  write: 'ownership is to be written',
  wait: 'ownership is written, and not yet in the zone',
  clear: 'the zone has all ownership; the DNSEndpoints that wrote it are not needed any more',
  switch: 'the zone has all ownership; the new instances can take over',
  close: 'TXT records need not be managed any more',
  done: 'the split set-up is complete',
}
