/**
 * A path as code hosts know it: `./apps//api.yaml`, as a shell completes it, is `apps/api.yaml` to them, and they
 * show nothing beside a file that they do not know.
 */
export const repositoryPath = (file: string): string =>
  (file.startsWith('/') ? '/' : '') +
  file
    .split('/')
    .filter(segment => segment !== '' && segment !== '.')
    .join('/')
