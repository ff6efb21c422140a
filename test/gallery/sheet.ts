/** One line of the contact sheet. */
export interface Row {
  readonly title: string;
  readonly pictures: readonly { readonly label: string; readonly file: string }[];
}

/** The contact sheet as a page; each picture leads to its full size. */
export function sheetPage(rows: readonly Row[]): string {
  const lines = rows.map(({ title, pictures }) => {
    const cells = pictures.map(
      ({ label, file }) => `<a href="${file}"><img src="${file}" alt="">${escaped(label)}</a>`,
    );
    return `<h2>${escaped(title)}</h2><div>${cells.join("")}</div>`;
  });
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Local engine: contact sheet</title>
<style>
  body { margin: 12px; background: #808080; color: #fff; font: 13px system-ui, sans-serif }
  h2 { margin: 14px 0 4px; font-size: 14px }
  div { display: grid; grid-template-columns: repeat(8, 1fr); gap: 8px }
  a { color: inherit; text-decoration: none }
  img { display: block; width: 100% }
</style>
${lines.join("\n")}
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
