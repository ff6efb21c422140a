import fc from "fast-check";
import { expect, test } from "vitest";
import { Endpoint, StateSender, type Transport } from "../../src/protocol/endpoint.ts";
import { type PanelRequest, parseRequest, refusalOf } from "../../src/protocol/requests.ts";

function line(): Transport & { receive(message: unknown): void; readonly posted: unknown[] } {
  const listeners = new Set<(message: unknown) => void>();
  const posted: unknown[] = [];
  return {
    posted,
    post: (message) => posted.push(message),
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    receive(message) {
      for (const listener of listeners) {
        listener(message);
      }
    },
  };
}

test("what is no request is dropped, whatever it is", () => {
  const received: PanelRequest[] = [];
  const wire = line();
  const endpoint = new Endpoint<never, PanelRequest>(wire, parseRequest, (request) => received.push(request));
  fc.assert(
    fc.property(fc.anything(), (message) => {
      wire.receive(message);
    }),
  );
  wire.receive({ type: "remix", extra: 1 });
  wire.receive({ type: "edit", edit: 1, id: "positivePrompt", value: "x".repeat(20_001) });
  wire.receive({ type: "drop", addresses: Array.from({ length: 1001 }, () => "file:///a.png") });
  expect(received).toEqual([]);
  wire.receive({ type: "remix" });
  wire.receive({ type: "edit", edit: 3, id: "size", value: "auto" });
  expect(received).toEqual([{ type: "remix" }, { type: "edit", edit: 3, id: "size", value: "auto" }]);
  endpoint.dispose();
});

test("a refusal says where the problem lies, and none of what was in the message", () => {
  const secret = "sk-very-secret";
  const cases: readonly (readonly [unknown, string])[] = [
    [secret, "message: invalid_type"],
    [null, "message: invalid_type"],
    [{ type: secret }, "type: invalid_union"],
    [{ type: "remix", [secret]: secret }, "remix: message: unrecognized_keys"],
    [
      { type: "edit", edit: "1", id: "positivePrompt", value: secret.repeat(2000) },
      "edit: edit: invalid_type, value: too_big",
    ],
    [{ type: "preset", edit: 0, name: secret.repeat(20) }, "preset: edit: too_small, name: too_big"],
    [
      { type: "drop", addresses: Array.from({ length: 9 }, () => ({ [secret]: secret })) },
      `drop: ${[0, 1, 2, 3, 4].map((n) => `addresses.${n}: invalid_type`).join(", ")}, and 4 more`,
    ],
  ];
  for (const [message, reason] of cases) {
    expect(refusalOf(message)).toBe(reason);
  }
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom("type", "id", "value", "edit", secret), fc.anything()),
      (most) => {
        const message = { ...most, extra: secret };
        expect(parseRequest(message)).toBeUndefined();
        expect(refusalOf(message)).toMatch(/^[\w:, .]+$/);
        expect(refusalOf({ ...message, type: "edit", value: secret })).not.toContain(secret);
      },
    ),
  );
});

test("after it is disposed of an endpoint neither sends nor receives", () => {
  const received: unknown[] = [];
  const wire = line();
  const endpoint = new Endpoint<string, PanelRequest>(wire, parseRequest, (request) =>
    received.push(request),
  );
  endpoint.dispose();
  endpoint.send("late");
  wire.receive({ type: "remix" });
  expect([...received, ...wire.posted]).toEqual([]);
});

interface State {
  readonly number: number;
  readonly text: string;
}

test("a page gets nothing before it is ready, then the newest state, and it again when it is loaded anew", () => {
  const sent: State[] = [];
  const sender = new StateSender<State>((state) => sent.push(state));
  sender.update({ text: "a" });
  sender.update({ text: "b" });
  expect(sent).toEqual([]);
  sender.ready();
  sender.update({ text: "c" });
  sender.ready();
  expect(sent).toEqual([
    { number: 2, text: "b" },
    { number: 3, text: "c" },
    { number: 3, text: "c" },
  ]);
});
