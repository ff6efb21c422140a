/** HTTP as the provider has it, over real connections. */
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import type { HttpLimits } from "../../../src/engine/http.ts";
import { fetchHttp } from "../../../src/platform/http.ts";
import { failureOfFetch } from "../../../src/platform/httpFailures.ts";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(listener: RequestListener): Promise<string> {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}/`;
}

function limits(changes: Partial<HttpLimits> = {}): HttpLimits {
  const { signal } = new AbortController();
  return { signal, replyMs: 5000, idleMs: 5000, maxBytes: 1000, ...changes };
}

test("sends what it is given, and no cookie of an earlier reply", async () => {
  const seen: unknown[] = [];
  const url = await serve((request, response) => {
    seen.push([
      request.method,
      request.headers.cookie,
      request.headers["x-own"],
      request.headers["content-length"],
    ]);
    response.setHeader("set-cookie", "track=1").end("später");
  });
  for (let time = 0; time < 2; time++) {
    const outcome = await fetchHttp.post(url, { "x-own": "yes" }, "größe", limits());
    expect(outcome).toMatchObject({ kind: "reply", status: 200, body: "später" });
  }
  expect(seen).toEqual(Array(2).fill(["POST", undefined, "yes", "7"]));
});

test.each([
  ["one byte each", "0123456789abcdef".repeat(200_000), 3_200_000],
  ["four bytes, and halves that come apart", `x${"😀".repeat(800_000)}`, 3_200_001],
])("a body of megabytes with characters of %s arrives whole", async (_, body, size) => {
  const url = await serve(async (request, response) => {
    const arrived = await text(request);
    const { "content-length": length, "content-type": type } = request.headers;
    response.end(JSON.stringify([length, type, arrived === body]));
  });
  const outcome = await fetchHttp.post(url, { "content-type": "application/json" }, body, limits());
  expect(outcome).toMatchObject({
    kind: "reply",
    body: JSON.stringify([`${size}`, "application/json", true]),
  });
});

test("follows no redirect", async () => {
  const seen: unknown[] = [];
  const url = await serve((request, response) => {
    seen.push(request.url);
    response.writeHead(307, { location: "/elsewhere" }).end();
  });
  expect(await fetchHttp.post(url, {}, "x", limits())).toMatchObject({ kind: "reply", status: 307 });
  expect(await fetchHttp.get(url, limits())).toMatchObject({ kind: "reply", status: 307 });
  expect(seen).toEqual(["/", "/"]);
});

test.each([true, false])("stops at the limit, with a length that is told (%s)", async (isTold) => {
  const url = await serve((_, response) => {
    if (isTold) {
      response.setHeader("content-length", 1001);
    }
    response.write("x".repeat(600));
    response.end("x".repeat(401));
  });
  expect(await fetchHttp.get(url, limits())).toMatchObject({ kind: "failed", failure: "tooLarge" });
  expect(await fetchHttp.get(url, limits({ maxBytes: 1001 }))).toMatchObject({ kind: "reply" });
});

test("gives up on silence, before the reply and in its middle, but not on slowness", async () => {
  const url = await serve((request, response) => {
    if (request.url === "/silent") {
      return;
    }
    response.write("a");
    if (request.url === "/slow") {
      let sent = 0;
      const timer = setInterval(() => {
        response.write("b");
        if (++sent === 8) {
          clearInterval(timer);
          response.end();
        }
      }, 40);
    }
  });
  const impatient = limits({ replyMs: 200, idleMs: 200 });
  const silent = await fetchHttp.get(`${url}silent`, impatient);
  expect(silent).toMatchObject({
    kind: "failed",
    failure: "unknown",
    detail: expect.stringMatching(/no reply/),
  });
  const stalled = await fetchHttp.get(`${url}stalled`, impatient);
  expect(stalled).toMatchObject({
    kind: "failed",
    failure: "unknown",
    detail: expect.stringMatching(/no more/),
  });
  expect(await fetchHttp.get(`${url}slow`, impatient)).toMatchObject({ kind: "reply" });
});

test("is stopped by its signal", async () => {
  const stop = new AbortController();
  const url = await serve(() => stop.abort());
  const outcome = await fetchHttp.post(url, {}, "x", limits({ signal: stop.signal }));
  expect(outcome).toMatchObject({ kind: "failed", failure: "aborted" });
  expect(await fetchHttp.get(url, limits({ signal: stop.signal }))).toMatchObject({ failure: "aborted" });
});

test("tells what cannot have been sent from what may have been", async () => {
  const url = await serve((request) => request.socket.destroy());
  expect(await fetchHttp.post(url, {}, "x", limits())).toMatchObject({ failure: "unknown" });
  server?.close();
  server?.closeAllConnections();
  const refused = await fetchHttp.post(url, {}, "x", limits());
  expect(refused).toMatchObject({ failure: "notSent", detail: expect.stringMatching(/ECONNREFUSED/) });
  const nowhere = await fetchHttp.post("http://nowhere.invalid/", {}, "x", limits());
  expect(nowhere).toMatchObject({ failure: "offline" });
});

test.each([
  ["read ECONNRESET", "ECONNRESET", "unknown"],
  ["read EHOSTUNREACH", "EHOSTUNREACH", "unknown"],
  ["connect EHOSTUNREACH 10.0.0.1:443", "EHOSTUNREACH", "offline"],
  ["connect ETIMEDOUT 10.0.0.1:443", "ETIMEDOUT", "notSent"],
  ["getaddrinfo EAI_AGAIN api.runware.ai", "EAI_AGAIN", "offline"],
  ["Connect Timeout Error", "UND_ERR_CONNECT_TIMEOUT", "notSent"],
  ["Proxy response (407) !== 200 when HTTP Tunneling", "UND_ERR_ABORTED", "proxy"],
  ["Proxy response (502) !== 200 when HTTP Tunneling", "UND_ERR_ABORTED", "notSent"],
  ["self-signed certificate in certificate chain", "SELF_SIGNED_CERT_IN_CHAIN", "tls"],
  ["unable to get local issuer certificate", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "tls"],
  ["certificate has expired", "CERT_HAS_EXPIRED", "tls"],
  ["Hostname/IP does not match certificate's altnames", "ERR_TLS_CERT_ALTNAME_INVALID", "tls"],
  ["decryption failed or bad record mac", "ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC", "unknown"],
  ["net::ERR_INTERNET_DISCONNECTED", undefined, "offline"],
  ["net::ERR_CERT_AUTHORITY_INVALID", undefined, "tls"],
  ["net::ERR_CONNECTION_RESET", undefined, "unknown"],
  ["", undefined, "unknown"],
] as const)("%s (%s) is %s", (message, code, failure) => {
  const cause = Object.assign(new Error(message), code === undefined ? {} : { code });
  expect(failureOfFetch(new TypeError("fetch failed", { cause })).failure).toBe(failure);
  const both = new AggregateError([cause], "");
  expect(failureOfFetch(new TypeError("fetch failed", { cause: both })).failure).toBe(failure);
});
