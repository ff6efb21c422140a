/** A picture with its name. */
export interface Cell {
  readonly label: string;
  readonly file: string;
}

/** One line of the contact sheet. */
export interface Row {
  readonly title: string;
  readonly pictures: readonly Cell[];
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

/** The README's picture as a page: all in two rows, cut to one shape. */
export function stylesPage(pictures: readonly Cell[]): string {
  const cells = pictures.map(
    ({ label, file }) => `<figure><img src="${file}" alt="">${escaped(label)}</figure>`,
  );
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>One source and its styles</title>
<style>
  body { margin: 8px; background: #fff; color: #333; font: 15px system-ui, sans-serif;
    display: grid; grid-template-columns: repeat(4, 1fr); gap: 10px 8px }
  figure { margin: 0 }
  img { display: block; width: 100%; aspect-ratio: 16 / 10; object-fit: cover; margin-bottom: 5px }
</style>
${cells.join("\n")}
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
