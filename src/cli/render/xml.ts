/** Everything that XML 1.0 §2.2 has no character for, lone surrogates among it. */
const illegal = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  // Only needed in `]]>`, which must not stand in text.
  '>': '&gt;',
  '"': '&quot;',
  // Spelled out, because a parser turns them into spaces in an attribute, and \r into \n everywhere.
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
}

const entity = (character: string): string => entities[character] ?? character

/** For text between tags. What XML cannot carry becomes U+FFFD. */
export const xmlText = (text: string): string => text.replace(illegal, '\ufffd').replace(/[&<>\r]/g, entity)

/** For an attribute's value between double quotes. */
export const xmlAttribute = (text: string): string =>
  text.replace(illegal, '\ufffd').replace(/[&<>"\t\n\r]/g, entity)
