import assert from "node:assert/strict";
import { describe, it } from "mocha";
import * as vscode from "vscode";
import { paidQuote } from "../../../src/editor/panel/paidQuote.ts";
import { serviceNow } from "../../../src/editor/panel/serviceNow.ts";

const wrong: readonly (readonly [name: string, value: unknown])[] = [
  ["budget.confirmAbove", "a lot"],
  ["budget.perDay", -1],
  ["budget.perMonth", "none"],
  ["runware.model", "another"],
  ["runware.endpoint", "nowhere"],
  ["timeoutMinutes", 0],
  ["concurrency", 99],
  ["provider", "somebody"],
];

describe("settings that are not valid", () => {
  for (const [name, value] of wrong) {
    it(`block Remix with the name of imageRemix.${name}, and leave the panel as it is`, async () => {
      const configuration = vscode.workspace.getConfiguration("imageRemix");
      assert.equal(serviceNow([], true).problem, null);
      await configuration.update(name, value, vscode.ConfigurationTarget.Global);
      try {
        const { problem } = serviceNow([], true);
        assert.match(problem ?? "", new RegExp(`imageRemix\\.${name} in the user settings is not valid`));
      } finally {
        await configuration.update(name, undefined, vscode.ConfigurationTarget.Global);
      }
    });
  }

  it("what passes is enough to tell a price", () => {
    assert.equal(serviceNow([], true).problem, null);
    const quote = paidQuote([], 0, 1, [{ results: 1, renderingSpeed: "DEFAULT" }]);
    assert.equal(typeof quote.estimate, "number");
  });
});
