import fc from "fast-check";
import { lexer, type Token, walkTokens } from "marked";
import { expect, test } from "vitest";
import { type Audit, type AuditRow, markingStates } from "../../src/engine/audit.ts";
import { auditCsv, auditDocument } from "../../src/engine/auditDocument.ts";
import { relativeAddress } from "../../src/engine/relativePath.ts";
import { awkwardText } from "../fixtures/provenances.ts";

const words = {
  titles: ["shop"],
  now: new Date("2026-11-23T10:00:00Z"),
  short: (path: string) => path.replace(/^\/work\//, ""),
  link: (path: string) => relativeAddress("/work", path),
};

const full: AuditRow = {
  path: "/work/shop/hero.remix-1.png",
  state: "full",
  note: null,
  provider: "runware",
  model: "ideogram:1@2",
  preset: "Winter gift edition",
  prompt: "midnight blue and silver, a frosted pattern of pine sprigs, candlelit and festive",
  time: "2026-11-22T09:30:00.000Z",
  source: "/work/shop/hero.png",
};

const bare = { provider: null, model: null, preset: null, prompt: null, time: null, source: null } as const;

const audit: Audit = {
  looked: 5,
  rows: [
    { ...full, path: "/work/shop/tin (1).png", preset: null, state: "lost", note: "changed since" },
    full,
    { ...bare, path: "/work/fox.jpg", state: "foreign", note: "trainedAlgorithmicMedia", model: "Other | 2" },
  ],
  unread: [
    { path: "/work/broken.png", message: "broken.png is empty. Restore the picture, then try again." },
  ],
  skipped: [
    { path: "/work/a.png", isFolder: false, reason: ".gitignore: draft-*" },
    { path: "/work/b.png", isFolder: false, reason: ".gitignore: draft-*" },
    { path: "/work/out", isFolder: true, reason: ".gitignore: /out" },
    { path: "/work/node_modules", isFolder: true, reason: "belongs to packages" },
  ],
};

test("the document of an audit", () => {
  expect(auditDocument(audit, words)).toMatchInlineSnapshot(`
    "# AI pictures in \`shop\`

    **5 pictures looked at · lost: 1, full: 1, foreign: 1 · cannot be read: 1, left out: 4**

    2026-11-23 10:00 UTC, by the pictures' metadata and the history of this machine. Content Credentials are looked for, not verified.

    | Picture                      | Marking                          | Drawn by     | Model          | Recipe                                     | Date       | Source          |
    | ---------------------------- | -------------------------------- | ------------ | -------------- | ------------------------------------------ | ---------- | --------------- |
    | [\`shop/tin (1).png\`][1]      | **lost**: changed since          | Runware      | \`ideogram:1@2\` | \`midnight blue and silver, a frosted pat…\` | 2026-11-22 | \`shop/hero.png\` |
    | [\`shop/hero.remix-1.png\`][2] | full                             | Runware      | \`ideogram:1@2\` | preset \`Winter gift edition\`               | 2026-11-22 | \`shop/hero.png\` |
    | [\`fox.jpg\`][3]               | foreign: trainedAlgorithmicMedia | another tool | \`Other \\| 2\`   |                                            |            |                 |

    - **lost**: made by Image Remix and no longer marked. Restore it from version control, or save it anew with its metadata kept.
    - **full**: marked, with its recipe (Show Recipe).
    - **foreign**: marked by another tool, as made or changed by a model or an algorithm.

    ## Cannot be read (1)

    - \`broken.png\`: broken.png is empty. Restore the picture, then try again.

    ## Left out

    - 2 pictures: \`.gitignore\`: \`draft-*\`
    - 1 folder: \`.gitignore\`: \`/out\`
    - 1 folder: belongs to packages

    [1]: shop/tin%20%281%29.png
    [2]: shop/hero.remix-1.png
    [3]: fox.jpg
    "
  `);
});

test("where nothing is marked, that is said", () => {
  const text = auditDocument({ looked: 1, rows: [], unread: [], skipped: [] }, words);
  expect(text).toMatchInlineSnapshot(`
    "# AI pictures in \`shop\`

    **1 picture looked at · none marked**

    2026-11-23 10:00 UTC, by the pictures' metadata and the history of this machine. Content Credentials are looked for, not verified.

    No picture carries a marking, and none is known to have lost one.
    "
  `);
});

test("the same as CSV, with whole texts", () => {
  expect(auditCsv(audit, words.short)).toMatchInlineSnapshot(`
    "picture,marking,note,drawnBy,model,preset,prompt,date,source
    shop/tin (1).png,lost,changed since,Runware,ideogram:1@2,,"midnight blue and silver, a frosted pattern of pine sprigs, candlelit and festive",2026-11-22T09:30:00.000Z,shop/hero.png
    shop/hero.remix-1.png,full,,Runware,ideogram:1@2,Winter gift edition,"midnight blue and silver, a frosted pattern of pine sprigs, candlelit and festive",2026-11-22T09:30:00.000Z,shop/hero.png
    fox.jpg,foreign,trainedAlgorithmicMedia,another tool,Other | 2,,,,
    "
  `);
});

const hostile = fc.oneof(
  awkwardText(80),
  fc.constantFrom(
    "[click](command:workbench.action.quit)",
    "a\\|[click](command:x)",
    "`|[x](command:x)|`",
    "\\`|![](https://example.com/x.png)",
    "a\n\n# heading\n\n[1]: command:x\n",
    "<img src=x onerror=alert(1)>",
    "| --- | --- |\n",
    "`` ` ```` `",
    "] [2",
    "\\",
    "*bold* _it_ ~~x~~ https://example.com",
  ),
);
const textOrNull = fc.option(hostile, { nil: null });
const anyRow: fc.Arbitrary<AuditRow> = fc.record({
  path: hostile.map((name) => `/work/x${name.replaceAll("\0", "")}`),
  state: fc.constantFrom(...markingStates),
  note: fc.constantFrom(null, "Content Credentials"),
  provider: fc.constantFrom("runware", "local", null),
  model: textOrNull,
  preset: textOrNull,
  prompt: textOrNull,
  time: fc.constantFrom(null, "2026-11-22T09:30:00.000Z", "never"),
  source: textOrNull,
});

test("nothing in a picture's file or name can become markup or leave its cell", () => {
  const any = fc.tuple(fc.array(anyRow, { minLength: 1, maxLength: 4 }), hostile, hostile);
  fc.assert(
    fc.property(any, ([rows, message, reason]) => {
      const text = auditDocument(
        {
          looked: 9,
          rows,
          unread: [{ path: message, message }],
          skipped: [{ path: "/x", isFolder: true, reason: `.gitignore: ${reason}` }],
        },
        { ...words, titles: [message] },
      );
      expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069\0]/);
      const tokens = lexer(text);
      const links: string[] = [];
      const kinds = new Set<string>();
      const tables: { header: unknown[]; rows: unknown[][] }[] = [];
      walkTokens(tokens, (token: Token) => {
        kinds.add(token.type);
        if (token.type === "link" && token.raw.startsWith("[`")) {
          links.push(String(token["href"]));
        }
        if (token.type === "table") {
          tables.push(token as (typeof tables)[number]);
        }
      });
      expect(links).toEqual(rows.map(({ path }) => words.link(path)));
      for (const unwanted of ["image", "html", "code", "del", "em", "blockquote"]) {
        expect(kinds).not.toContain(unwanted);
      }
      expect(tokens.filter(({ type }) => type === "heading")).toHaveLength(3);
      const [table] = tables;
      expect(tables).toHaveLength(1);
      expect(table?.rows).toHaveLength(rows.length);
      // A bar in a cell would push the last cell out: what stands there is the source and nothing else.
      const sources = table?.rows.map((cells) => (cells[6] as { text: string }).text);
      expect(sources).toEqual(
        rows.map(({ source }) => (source === null ? "" : expect.stringMatching(/^(`.*`|\(empty\))$/))),
      );
    }),
    { numRuns: 500 },
  );
});
