/** What the page of the panel is made of. */
export interface PanelAddresses {
  readonly script: string;
  readonly style: string;
  /** Where pictures, font and style sheet come from, as a source of a content security policy. */
  readonly cspSource: string;
}

/**
 * The language of the page's texts: English, until they are translated into the editor's.
 *
 * @param translations texts in the editor's language; undefined where there are none
 * @param language of the editor, as a BCP 47 tag
 */
export function pageLanguage(translations: object | undefined, language: string): string {
  return translations === undefined ? "en" : language;
}

/**
 * The page: nothing in it runs or styles without the nonce, and nothing comes from elsewhere.
 *
 * @param nonce letters and digits, never used before
 * @param language of its texts, as a BCP 47 tag
 */
export function panelHtml(
  { script, style, cspSource }: PanelAddresses,
  nonce: string,
  language: string,
): string {
  const policy = [
    "default-src 'none'",
    // What default-src does not speak for.
    "base-uri 'none'",
    "form-action 'none'",
    `img-src ${cspSource}`,
    `font-src ${cspSource}`,
    `style-src ${cspSource} 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
  ].join("; ");
  // The toolkit's controls put a style sheet of their own into the head; the meta tells them the nonce.
  return `<!DOCTYPE html>
<html lang="${language}">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta property="csp-nonce" content="${nonce}">
    <title>Image Remix</title>
    <link rel="stylesheet" nonce="${nonce}" href="${style}">
  </head>
  <body>
    <script type="module" nonce="${nonce}" src="${script}"></script>
  </body>
</html>
`;
}
