/** A time in milliseconds since 1970 as RFC 3339, in whole seconds, as Kubernetes has them. */
export const timestamp = (milliseconds: number): string =>
  `${new Date(milliseconds).toISOString().slice(0, 19)}Z`
