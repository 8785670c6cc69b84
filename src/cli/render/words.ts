/**
 * A code as words.
 *
 * | code                  | answer                   |
 * | --------------------- | ------------------------ |
 * | HostConflict          | Host conflict            |
 * | DNSPolicyNotFound     | DNS policy not found     |
 * | LoadBalancerIPPending | Load balancer IP pending |
 */
export const sentenceOf = (code: string): string =>
  code
    .split(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/)
    .map((word, index) => (index === 0 || /^[A-Z]{2}/.test(word) ? word : word.toLowerCase()))
    .join(' ')
