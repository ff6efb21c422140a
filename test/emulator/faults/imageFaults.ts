/** Faults in how pictures are served. */
import { crc32 } from "node:zlib";
import { z } from "zod";
import { htmlReply, type WholeReply } from "../http/wire.ts";
import { fault } from "./effect.ts";

/** The reply with other bytes, which deliver nothing. */
function withBytes(reply: WholeReply, body: Uint8Array): WholeReply {
  return { ...reply, body, delivers: false };
}

export const imageFaults = {
  imageStatus: fault({
    about: "The picture's address answers with an error page; with `times`, only at first.",
    plays: [35],
    parameters: { status: z.int().min(400).max(599).default(404) },
    effect: ({ status }) => ({ image: () => htmlReply(status, `${status} from the image host`) }),
  }),

  imageLost: fault({
    about: "The connection breaks, or goes silent, after so many bytes of the picture.",
    plays: [36],
    parameters: {
      after: z.int().min(0).default(1000),
      how: z.enum(["reset", "close", "stall"]).default("close"),
    },
    effect: ({ after, how }) => ({ image: (reply) => ({ ...reply, cut: { after, how } }) }),
  }),

  imageLength: fault({
    about: "Content-Length promises more or less than comes, or is missing.",
    plays: [36],
    parameters: { declared: z.enum(["more", "less", "missing"]).default("more") },
    effect: ({ declared }) => ({
      image: (reply) => {
        const { length } = reply.body;
        const lengths = { more: length + 100, less: Math.floor(length / 2), missing: null };
        return { ...reply, declaredLength: lengths[declared], delivers: declared === "missing" };
      },
    }),
  }),

  imageBytes: fault({
    about: "200 with other bytes: none, zeros, a web page, a picture that ends in the middle.",
    plays: [36],
    parameters: { kind: z.enum(["empty", "zeros", "html", "truncated"]).default("truncated") },
    effect: ({ kind }) => ({
      image: (reply) => {
        switch (kind) {
          case "empty":
            return withBytes(reply, new Uint8Array());
          case "zeros":
            return withBytes(reply, new Uint8Array(reply.body.length));
          case "html":
            return withBytes(reply, htmlReply(200, "Please log in").body);
          case "truncated":
            return withBytes(reply, reply.body.subarray(0, Math.floor(reply.body.length / 2)));
        }
      },
    }),
  }),

  imageRedirect: fault({
    about: "The picture's address redirects; whoever follows is in the ledger's violations.",
    plays: [37],
    parameters: { status: z.int().min(301).max(308).default(302), to: z.string().optional() },
    effect: ({ status, to }) => ({
      image: (_, { origin }) =>
        htmlReply(status, "Moved", { location: to ?? `${origin ?? ""}/elsewhere/result.jpg` }),
    }),
  }),

  imageType: fault({
    about: "The picture comes with another Content-Type, or none.",
    plays: [36],
    parameters: { contentType: z.string().default("application/octet-stream") },
    effect: ({ contentType }) => ({
      image: (reply) => ({ ...reply, headers: contentType === "" ? {} : { "content-type": contentType } }),
    }),
  }),

  imageSlow: fault({
    about: "The picture comes slowly, but it comes.",
    plays: [35],
    parameters: { bytesPerSecond: z.int().min(1) },
    lasting: true,
    effect: ({ bytesPerSecond }) => ({ image: (reply) => ({ ...reply, bytesPerSecond }) }),
  }),
};

/** A PNG whose header says 60,000 × 60,000 pixels and whose data is empty. */
export function bombPng(): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(60_000, 0);
  header.writeUInt32BE(60_000, 4);
  header.set([8, 2], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  // An empty zlib stream.
  const data = Buffer.from([0x78, 0x9c, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01]);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", data),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Uint8Array): Buffer {
  const whole = Buffer.alloc(data.length + 12);
  whole.writeUInt32BE(data.length, 0);
  whole.write(type, 4, "latin1");
  whole.set(data, 8);
  whole.writeUInt32BE(crc32(whole.subarray(4, 8 + data.length)), 8 + data.length);
  return whole;
}
