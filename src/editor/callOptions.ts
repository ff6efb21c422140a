import * as z from "zod/mini";

/** What a caller in code may ask of a remix command. */
const callOptions = z.strictObject({
  /** One preset, or several: each source is then remixed with each of them. */
  preset: z.optional(z.union([z.string(), z.array(z.string()).check(z.minLength(1))])),
  /** Recipe values that win over settings and presets. */
  recipe: z.optional(z.record(z.string(), z.unknown())),
  provider: z.optional(z.enum(["runware", "local"])),
  /** False: no dialog and no closing notification. */
  confirm: z.optional(z.boolean()),
});

export type CallOptions = z.infer<typeof callOptions>;

/** @throws TypeError naming the options that do not exist or have the wrong type */
export function parseCallOptions(options: unknown): CallOptions {
  const parsed = z.optional(callOptions).safeParse(options);
  if (parsed.success) {
    return parsed.data ?? {};
  }
  const culprits = parsed.error.issues.map((issue) =>
    issue.code === "unrecognized_keys" ? issue.keys.join(", ") : issue.path.join("."),
  );
  throw new TypeError(`Image Remix does not understand these options: ${culprits.join(", ")}`);
}
