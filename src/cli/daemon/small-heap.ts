/**
 * JavaScriptCore reads these when a process starts, and never again.
 *
 * As much memory as the collector shall believe that there is: beyond most of it, it looks every few megabytes instead
 * of whenever the heap has doubled. And no optimising compiler: its code and its tables take 20 MB, and what it makes
 * faster is a full comparison, which may take a twentieth of the time at most.
 */
const settings: Readonly<Record<string, string>> = {
  BUN_JSC_forceRAMSize: '100000000',
  BUN_JSC_useDFGJIT: '0',
}

/** Begins this process once more, with an engine that is sparing; whoever has set any of this otherwise is obeyed. */
export const keepHeapSmall = (): void => {
  const isExecutable = Bun.main.startsWith('/$bunfs/')
  const isSet = Object.keys(settings).some(name => process.env[name] !== undefined)
  if (!isExecutable || isSet || process.execve === undefined) return
  process.execve(process.execPath, [process.argv0, ...process.argv.slice(2)], { ...process.env, ...settings })
}
