/** A way in which a known value may stand in the output. */
export interface Form {
  readonly text: string;
  /** Part of a run of base64 that holds other things too: the whole run is hidden. */
  readonly isBase64: boolean;
}

/** Every way in which programs print `value`: as it is, escaped for JSON, URLs, XML and shells, as hex and base64. */
export function toForms(value: string, minLength: number): readonly Form[] {
  const texts = new Set<string>([value]);
  const json = JSON.stringify(value).slice(1, -1);
  const url = encodeURIComponent(value);
  const strict = url.replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  for (const text of [
    json,
    JSON.stringify(json).slice(1, -1),
    json.replace(/\//g, '\\/'),
    json.replace(/[<>&']/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`),
    toAscii(json),
    url,
    strict,
    url.replace(/%20/g, '+'),
    strict.replace(/%20/g, '+'),
    url.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    encodeURI(value),
    encodeURIComponent(url),
    toXml(value, '&#39;', '&quot;'),
    toXml(value, '&apos;', '&quot;'),
    toXml(value, '&#x27;', '&#34;'),
    toXml(value, "'", '"'),
    value.replace(/'/g, "'\\''"),
    value.replace(/'/g, `'"'"'`),
    value.replace(/'/g, "\\'"),
    value.replace(/["$`\\]/g, '\\$&'),
    value.replace(/[^\w@%+=:,./-]/g, '\\$&'),
    value.replace(/\$/g, '$$$$'),
  ]) {
    texts.add(text);
  }
  const bytes = new TextEncoder().encode(value);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  texts.add(hex).add(hex.toUpperCase());
  const forms = [...texts]
    .filter((text) => text.length >= minLength)
    .map((text) => ({ text, isBase64: false }));
  return [...forms, ...toBase64Forms(bytes)];
}

/** base64 of the value wherever it begins in the three-byte groups, without the characters that its neighbours share. */
function toBase64Forms(bytes: Uint8Array): readonly Form[] {
  const texts = new Set<string>();
  for (const shift of [0, 1, 2]) {
    const padded = new Uint8Array(shift + bytes.length);
    padded.set(bytes, shift);
    const first = shift === 0 ? 0 : shift + 1;
    const text = toBase64(padded).slice(first, Math.floor((padded.length * 8) / 6));
    // Shorter ones would be found in unrelated text.
    if (text.length >= 7) texts.add(text).add(text.replace(/\+/g, '-').replace(/\//g, '_'));
  }
  return [...texts].map((text) => ({ text, isBase64: true }));
}

function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function toXml(value: string, apostrophe: string, quote: string): string {
  return value
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/'/g, apostrophe)
    .replace(/"/g, quote);
}

/** As Python and others print JSON: everything beyond ASCII as `\uXXXX`. */
function toAscii(json: string): string {
  return json.replace(
    /[^\0-\x7f]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
