/**
 * What comes from files, the cluster or the command line may hold characters that do something where it is
 * shown: move the cursor, reorder what stands beside it, end a workflow command, open a link. Everything
 * passes through one of these on its way out.
 */

/**
 * C0 and DEL, C1, and what is invisible or turns the direction of text (Unicode TR9 §2, TR36 §3.2).
 * U+200C and U+200D stay: scripts and emoji need them.
 */
const unsafe =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/g

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

const visible = (character: string): string =>
  short[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/**
 * What a build log obeys wherever it stands in a line: `##[stop-commands]` (actions/runner, ActionCommand.TryParse),
 * `##vso[task.setvariable]` (azure-pipelines-agent, Command.TryParse), `##teamcity[`.
 */
const logCommand = /##(?=[a-z]*\[)/gi

/** What a build log obeys at the start of a line: `::stop-commands::` (actions/runner, ActionCommand.TryParseV2). */
const lineCommand = /^(\s*):(?=:[a-z-]+(?: |::))/gim

const withoutCommands = (text: string): string => {
  const inLine = text.includes('##') ? text.replace(logCommand, '#\\u0023') : text
  return inLine.includes('::') ? inLine.replace(lineCommand, '$1\\u003a') : inLine
}

/** Nothing of it needs a closer look; so are nearly all names. */
const harmless = /^[ !"$-9;-~]*$/

/**
 * Makes control characters visible, and of what a build log would obey a text. The escapes are those of JSON, so that
 * escaped JSON is still the same JSON.
 *
 * | text            | answer              |
 * | --------------- | ------------------- |
 * | a ESC [31m      | a\u001b[31m         |
 * | two, LF, lines  | two\nlines          |
 * | the same, kept  | (unchanged)         |
 * | a ##[group]     | a #\u0023[group]    |
 * | ::error::a      | \u003a:error::a     |
 */
export const escapeTerminal = (text: string, newlines: 'escape' | 'keep' = 'escape'): string =>
  harmless.test(text)
    ? text
    : withoutCommands(
        text.replace(unsafe, character =>
          newlines === 'keep' && character === '\n' ? '\n' : visible(character),
        ),
      )

/**
 * The message of a GitHub workflow command, `::error::{data}`
 * (actions/toolkit packages/core/src/command.ts, escapeData).
 */
export const escapeWorkflowData = (text: string): string =>
  text
    .replace(unsafe, character => (character === '\n' || character === '\r' ? character : visible(character)))
    .replace(logCommand, '#\\u0023')
    .replaceAll('%', '%25')
    .replaceAll('\r', '%0D')
    .replaceAll('\n', '%0A')

/** A property of a workflow command, `::error file={property}::` (the same, escapeProperty). */
export const escapeWorkflowProperty = (text: string): string =>
  escapeWorkflowData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')

/**
 * Text within a Markdown paragraph or table cell (CommonMark §2.4 and §2.5, GitHub's tables). `@` gets an
 * empty comment behind it, so that nobody is notified: GitHub looks for mentions after it has resolved escapes.
 *
 * | text        | answer                |
 * | ----------- | --------------------- |
 * | a\|b        | a&#124;b              |
 * | <b> & c     | &lt;b&gt; &amp; c     |
 * | [x](y) `z`  | \[x\](y) \`z\`        |
 * | two, LF, lines | two<br>lines       |
 */
export const escapeMarkdown = (text: string): string =>
  escapeTerminal(text.replace(/\r\n?/g, '\n'), 'keep')
    .replace(/[\\`*_[\]#!~$]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('|', '&#124;')
    .replaceAll('@', '@<!-- -->')
    .replaceAll('\n', '<br>')

/** A code span, also within a table cell: its fence is longer than any run of backticks in it (§6.1). */
export const markdownCode = (text: string): string => {
  const runs = text.match(/`+/g) ?? []
  const fence = '`'.repeat(Math.max(0, ...runs.map(run => run.length)) + 1)
  const inner = escapeTerminal(text).replaceAll('|', '\\|')
  const pad = text.startsWith('`') || text.endsWith('`') ? ' ' : ''
  return `${fence}${pad}${inner}${pad}${fence}`
}
