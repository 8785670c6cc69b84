/** meta/v1 MicroTime: RFC 3339 with exactly six digits, `2026-11-22T17:42:00.123000Z`. */
export const microTime = (now: number): string => new Date(now).toISOString().replace('Z', '000Z')
