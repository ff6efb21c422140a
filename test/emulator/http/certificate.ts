import { generateKeyPairSync, sign } from "node:crypto";

/** What an HTTPS server needs. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/**
 * A key and a certificate for 127.0.0.1 that nobody has signed but the key itself, as a proxy that looks into TLS
 * shows it to those who do not trust it. Made on the spot, so that no private key lies in the repository; Node can
 * read certificates, not make them. Format: https://www.rfc-editor.org/rfc/rfc5280#section-4.1
 */
export function selfSigned(): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const version3 = der(0xa0, der(0x02, Buffer.from([2])));
  const serial = der(0x02, Buffer.from([1]));
  const algorithm = sequence(objectId("2a8648ce3d040302")); // ecdsa-with-SHA256
  const name = sequence(der(0x31, sequence(objectId("550403"), der(0x0c, Buffer.from("emulator"))))); // commonName
  const validity = sequence(utcTime("200101000000Z"), utcTime("491231235959Z"));
  const addresses = sequence(der(0x82, Buffer.from("localhost")), der(0x87, Buffer.from([127, 0, 0, 1])));
  const alternativeNames = sequence(objectId("551d11"), der(0x04, addresses)); // subjectAltName
  const extensions = der(0xa3, sequence(alternativeNames));
  const publicInfo = publicKey.export({ type: "spki", format: "der" });
  const body = sequence(version3, serial, algorithm, name, validity, name, publicInfo, extensions);
  const signature = der(0x03, Buffer.concat([Buffer.from([0]), sign("sha256", body, privateKey)]));
  const base64 = sequence(body, algorithm, signature).toString("base64");
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${base64.replaceAll(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`,
  };
}

function sequence(...parts: readonly Uint8Array[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function objectId(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, "hex"));
}

function utcTime(text: string): Buffer {
  return der(0x17, Buffer.from(text));
}

/** Tag, length, content; lengths of up to two bytes. */
function der(tag: number, content: Uint8Array): Buffer {
  const { length } = content;
  const head =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), content]);
}
